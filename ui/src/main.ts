import '@fontsource-variable/source-sans-3/wght.css'
import '@fontsource-variable/source-sans-3/wght-italic.css'
import '@fontsource-variable/literata/wght.css'
import '@fontsource-variable/literata/wght-italic.css'
import '@fontsource/ibm-plex-mono/400.css'
import '@fontsource/ibm-plex-mono/600.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/prose.css'
import './styles/code.css'
import { mount } from 'svelte'
import Page from './Page.svelte'
import { connect } from './lib/backend'
import { speak } from './lib/spoken.svelte'

/** The window for a quick question shows the same page at this place. */
const QUICK = '#quick'

const target = document.getElementById('app')
const [backend] = await Promise.all([connect(), speak(null)])
if (target) mount(Page, { target, props: { backend, quick: location.hash === QUICK } })
