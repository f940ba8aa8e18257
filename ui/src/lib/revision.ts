import type { Piece } from './backend/backend'

/** Whether the rewriting says something else here. */
export const isChange = ({ before, after }: Piece): boolean => before !== after

/** The text that comes of a rewriting, where the changes at these places are rejected. */
export function revised(pieces: readonly Piece[], rejected: ReadonlySet<number>): string {
  return pieces.map((piece, i) => (rejected.has(i) ? piece.before : piece.after)).join('')
}
