/** An image that was copied in a web view comes as its address, which holds all of it (RFC 2397). */
const IMAGE = /^data:(image\/[\w.+-]+);base64,([\w+/=]+)$/u

/** What a paste brings: files, an image called `name` among them, or text. */
export function pasted({ clipboardData }: ClipboardEvent, name: string): { files: File[]; text: string } {
  const files = [...(clipboardData?.files ?? [])]
  const text = clipboardData?.getData('text/plain') ?? ''
  const [, type, data] = (files.length === 0 && IMAGE.exec(text.trim())) || []
  if (data === undefined) return { files, text }
  try {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
    return { files: [new File([bytes], name, { type })], text: '' }
  } catch {
    return { files, text }
  }
}
