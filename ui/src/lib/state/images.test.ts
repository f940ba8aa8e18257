import { expect, it, vi } from 'vitest'
import type { Backend } from '../backend/backend'
import { Images } from './images'

it('reads an image once, and again where it failed', async () => {
  const attachment = vi.fn().mockRejectedValueOnce(new Error('gone')).mockResolvedValue('data:x')
  const images = new Images({ attachment } as unknown as Backend)
  await expect(images.load('a')).rejects.toThrow('gone')
  expect(await images.load('a')).toBe('data:x')
  expect(await images.load('a')).toBe('data:x')
  expect(attachment).toHaveBeenCalledTimes(2)
})

it('holds only those seen last', async () => {
  const attachment = vi.fn(async (id: string) => id)
  const images = new Images({ attachment } as unknown as Backend)
  for (let i = 0; i < 41; i += 1) await images.load(String(i))
  await images.load('40')
  await images.load('0')
  expect(attachment).toHaveBeenCalledTimes(42)
})
