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

/** The code of a fence, whose parts are beside each other in this element. */
export function codeOf(fence: Element | null): string {
  return [...(fence?.querySelectorAll('pre') ?? [])].map((part) => part.textContent).join('')
}
