import { expect, it } from 'vitest'
import { durationText, sizeText, waitText } from './quantities'

it('shows a size in a unit of its magnitude', () => {
  const sizes = [0, 999, 1_240, 184_320, 48_234_496].map((bytes) => sizeText(bytes, 'en'))
  expect(sizes).toEqual(['0 bytes', '999 bytes', '1.2 kB', '184 kB', '48 MB'])
})

it('shows a time in milliseconds, seconds or minutes', () => {
  const times = [182, 1_250, 42_000, 61_500].map((time) => durationText(time, 'en'))
  expect(times).toEqual(['182 ms', '1.3 sec', '42 sec', '1 min 1 sec'])
})

it('says how long to wait in words', () => {
  expect([1, 20, 600].map((seconds) => waitText(seconds, 'en'))).toEqual(['1 second', '20 seconds', '10 minutes'])
  expect(waitText(1, 'fr')).toMatch(/^1\sseconde$/u)
})

it('writes both as the language does', () => {
  expect(sizeText(1_240, 'fr')).toMatch(/^1,2\sko$/u)
  expect(sizeText(56, 'fr')).toMatch(/^56\soctets$/u)
  expect(durationText(1_250, 'fr')).toMatch(/^1,3\ss$/u)
})
