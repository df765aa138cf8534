/** Why a certificate cannot be trusted, from what OpenSSL and Node call it. */
export type CertificateFacts = {
  readonly subject: string
  readonly issuer: string
  readonly validFrom: string
  readonly validTo: string
  /** The names that it is good for. */
  readonly names: readonly string[]
}

/** `host`: as it was asked for. */
export function tlsProblem(
  code: string,
  host: string,
  { issuer, names, validFrom, validTo }: CertificateFacts,
): string {
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return 'the certificate is signed by itself'
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return `its authority is not trusted on this host: ${issuer}`
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `nobody trusted on this host vouches for it: ${issuer}, or the server leaves out a certificate between`
    case 'CERT_HAS_EXPIRED':
      return `the certificate expired at ${validTo}`
    case 'CERT_NOT_YET_VALID':
      return `the certificate is not valid before ${validFrom}`
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the certificate is for ${names.length === 0 ? 'no host' : names.slice(0, shown).join(', ')}, not for ${host}`
    case 'CERT_REVOKED':
      return 'the certificate was revoked'
    default:
      return `the certificate cannot be trusted (${code})`
  }
}

const shown = 5
