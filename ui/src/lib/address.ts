export interface AddressParts {
  before: string
  host: string
  after: string
}

/** An address around its true host, which starts after the scheme and after any user name. */
export function addressParts(address: string, host: string): AddressParts {
  const scheme = address.indexOf('://')
  if (scheme < 0) return { before: address, host: '', after: '' }
  const start = scheme + 3
  const end = start + address.slice(start).search(/[/?#]|$/u)
  const at = address.lastIndexOf(host, end - host.length)
  if (at < start) return { before: address, host: '', after: '' }
  return { before: address.slice(0, at), host, after: address.slice(at + host.length) }
}
