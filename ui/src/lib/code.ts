/** What files of a language are called after their dot; a language not named here calls them after itself. */
const EXTENSIONS: Record<string, string> = {
  bash: 'sh',
  csharp: 'cs',
  javascript: 'js',
  markdown: 'md',
  python: 'py',
  ruby: 'rb',
  rust: 'rs',
  shell: 'sh',
  typescript: 'ts',
}

/** What a fence is saved as, by its language. */
export function fileName(language: string): string {
  const plain = language.toLowerCase()
  if (plain === 'dockerfile' || plain === 'makefile') return language
  return `code.${EXTENSIONS[plain] ?? (/^[a-z\d]{1,8}$/u.test(plain) ? plain : 'txt')}`
}

/** The code of the fence that begins in this block, with the blocks that continue it. */
export function codeFrom(begin: Element | null): string {
  let text = ''
  for (let block = begin; block; block = block.nextElementSibling) {
    const part = block.querySelector('pre')
    text += part?.textContent ?? ''
    if (!part || part.dataset.part === 'last' || part.dataset.part === 'only') break
  }
  return text
}
