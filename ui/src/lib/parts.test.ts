import { expect, it, vi } from 'vitest'
import { kept } from './parts'

it('loads a part once, has it at once from then on, and tries again where it could not be loaded', async () => {
  const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error('gone')).mockResolvedValue('part')
  const part = kept(load)
  await expect(part()).rejects.toThrow('gone')
  const first = part()
  expect(first).toBeInstanceOf(Promise)
  await first
  expect(part()).toBe('part')
  expect(load).toHaveBeenCalledTimes(2)
})
