import { describe, expect, it } from 'vitest'
import { begun, patched } from './answer'

const blocks = (...html: string[]) => html.map((text) => ({ html: text }))
const message = (id: string, parent: string | null) => ({ id, parent })

describe('a patch', () => {
  it('replaces everything from its first block on', () => {
    expect(patched(blocks('a', 'b', 'c'), 1, blocks('B'))).toEqual(blocks('a', 'B'))
    expect(patched(blocks('a'), 1, blocks('b', 'c'))).toEqual(blocks('a', 'b', 'c'))
    expect(patched([], 0, blocks('a'))).toEqual(blocks('a'))
  })

  it('leaves the blocks before it as they are, so that they are not shown again', () => {
    const before = blocks('a', 'b')
    const after = patched(before, 1, blocks('B', 'c'))
    expect(after[0]).toBe(before[0])
    expect(before).toEqual(blocks('a', 'b'))
  })
})

describe('the branch once an answer has begun', () => {
  const branch = [message('q1', null), message('a1', 'q1'), message('q2', 'a1'), message('a2', 'q2')]
  const ids = (list: { id: string }[]) => list.map(({ id }) => id)

  it('grows by a new question', () => {
    expect(ids(begun(branch, message('q3', 'a2'), message('a3', 'q3')))).toEqual(['q1', 'a1', 'q2', 'a2', 'q3', 'a3'])
    expect(ids(begun([], message('q1', null), message('a1', 'q1')))).toEqual(['q1', 'a1'])
  })

  it('ends where an edited question leaves it', () => {
    expect(ids(begun(branch, message('q2b', 'a1'), message('a2b', 'q2b')))).toEqual(['q1', 'a1', 'q2b', 'a2b'])
    expect(ids(begun(branch, message('q1b', null), message('a1b', 'q1b')))).toEqual(['q1b', 'a1b'])
  })

  it('ends with another answer, or with the one that is continued', () => {
    expect(ids(begun(branch, null, message('a1b', 'q1')))).toEqual(['q1', 'a1b'])
    const continued = message('a2', 'q2')
    const result = begun(branch, null, continued)
    expect(ids(result)).toEqual(['q1', 'a1', 'q2', 'a2'])
    expect(result[3]).toBe(continued)
  })
  it('keeps what is shown where it does not know the message before', () => {
    expect(ids(begun(branch, message('q3', 'elsewhere'), message('a3', 'q3')))).toEqual(['q1', 'a1', 'q2', 'a2', 'q3', 'a3'])
    expect(ids(begun(branch.slice(1), null, message('a1', 'q1')))).toEqual(['q2', 'a2', 'a1'])
  })
})
