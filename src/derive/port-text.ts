/** A published port in few characters: `:8080>80`, `127.0.0.1:8080>80`, `:5000-5010>5000/udp`. */
export function portText(port: {
  readonly hostIp: string
  readonly hostPort: number
  readonly lastPort?: number
  readonly port: number
  readonly protocol: string
}): string {
  const { hostIp, hostPort, lastPort = hostPort, protocol } = port
  const every = hostIp === '' || hostIp === '0.0.0.0' || hostIp === '::'
  const host = every ? '' : hostIp.includes(':') ? `[${hostIp}]` : hostIp
  const range = lastPort === hostPort ? '' : `-${lastPort}`
  return `${host}:${hostPort}${range}>${port.port}${protocol === 'tcp' ? '' : `/${protocol}`}`
}
