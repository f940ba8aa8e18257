export type Strength = 'weak' | 'fair' | 'strong'

const FAIR = 40
const STRONG = 64

/**
 * A rough judgement of a passphrase: its length, discounted where characters repeat. It warns of the
 * worst ones; it cannot know that a long one is a famous sentence.
 */
export function strengthOf(passphrase: string): Strength {
  const characters = [...passphrase.trim()]
  const distinct = new Set(characters).size
  // Under one bit a character where all are the same, up to four where they vary as in words.
  const bits = characters.length * Math.min(Math.log2(distinct + 1), 4)
  if (bits < FAIR || distinct < 5) return 'weak'
  return bits < STRONG ? 'fair' : 'strong'
}
