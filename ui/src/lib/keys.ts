/** Whether the key sends what is written: Enter, or the command key with it; but not to choose in an input method. */
export function sends(event: KeyboardEvent, enterSends: boolean): boolean {
  // Safari reports the Enter that ends a composition with the code 229 only.
  const composing = event.isComposing || event.keyCode === 229
  if (event.key !== 'Enter' || event.shiftKey || composing) return false
  return enterSends || event.ctrlKey || event.metaKey
}
