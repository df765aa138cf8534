/** Who vouches for servers: Mozilla's list, which Node brings, and what this host trusts beside (a company's own). */
import { readFile } from 'node:fs/promises'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'

/** Of Debian, Red Hat, Alpine. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
]

let made: Promise<SecureContext> | null = null

/** Made once: it takes some milliseconds. */
export function trusted(): Promise<SecureContext> {
  made ??= make()
  return made
}

async function make(): Promise<SecureContext> {
  for (const file of bundles) {
    const own = await readFile(file, 'utf8').catch(() => null)
    if (own === null) continue
    try {
      return createSecureContext({ ca: [...rootCertificates, own] })
    } catch {
      // Not what it should be: the others may be.
    }
  }
  return createSecureContext()
}
