import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

type Attributes = Record<string, string>

interface Icon {
  name: string
  /** Its names of before, by which styles may know it. */
  aliases?: string[]
  size: number
  node: [tag: string, attributes: Attributes][]
}

const ICON = /\/@lucide\/svelte\/dist\/icons\/[\w-]+\.svelte$/u
const DATA = /^const iconData = (\{.*\});$/mu

/**
 * Makes each of Lucide's icons a drawing of its own. As they come, a shared component turns data into elements, one
 * attribute after another, each time that one is shown: that was half of the time that a message took to appear.
 * They take `size` and `fill`, and are never read out: what they stand beside has a name.
 */
export function staticIcons(): Plugin {
  let drawn = 0
  return {
    name: 'static-icons',
    enforce: 'pre',
    load(id) {
      if (!ICON.test(id)) return
      drawn += 1
      const data = DATA.exec(readFileSync(id, 'utf8'))?.[1]
      if (data === undefined) throw new Error(`${id} holds no icon where this version of Lucide's should have it.`)
      return drawing(JSON.parse(data) as Icon)
    },
    generateBundle() {
      if (drawn === 0) throw new Error("None of Lucide's icons lies where this version of it should have them.")
    },
  }
}

function drawing({ name, aliases = [], size, node }: Icon): string {
  const names = [name, ...aliases].map((one) => `lucide-${one}`).join(' ')
  const shapes = node.map(([tag, attributes]) => `<${tag} ${written(attributes)} />`).join('')
  return `<script>let { size = ${size}, fill = 'none' } = $props()</script>
<svg class="${names}" width={size} height={size} viewBox="0 0 ${size} ${size}" {fill} stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${shapes}</svg>`
}

function written(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ')
}
