// What a person does in a browser to sign in: follows redirects, keeps cookies, fills in forms. The
// first argument is the address; the second is JSON that says what goes otherwise. Prints what came
// of it as one line of JSON.
const options = {
  /** Who signs in. */
  login: 'anne',
  /** Leaves the first page by its link to cancel. */
  cancel: false,
  /** Changes what the provider is asked for, such as `{nonce: 'other'}`. */
  ask: {},
  /** Changes what is brought back, such as `{state: 'other'}`; null leaves it out. */
  bring: {},
  /** Brings nothing back, and prints the address where it would. */
  keep: false,
  ...JSON.parse(process.argv[3] ?? '{}'),
}

const cookies = new Map()

async function go(address, form) {
  const response = await fetch(address, {
    redirect: 'manual',
    method: form ? 'POST' : 'GET',
    headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    body: form,
  })
  for (const cookie of response.headers.getSetCookie()) {
    const [name, value] = cookie.split(';')[0].split('=')
    if (value === '') cookies.delete(name)
    else cookies.set(name, value)
  }
  return response
}

function changed(address, changes) {
  const url = new URL(address)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name)
    else url.searchParams.set(name, value)
  }
  return url.href
}

function done(result) {
  console.log(JSON.stringify(result))
  process.exit(0)
}

const attributes = (tag) => Object.fromEntries([...tag.matchAll(/(\w+)="([^"]*)"/gu)].map(([, name, value]) => [name, value.replaceAll('&amp;', '&')]))

let address = changed(process.argv[2], options.ask)
let form
for (let steps = 0; steps < 30; steps += 1) {
  const response = await go(address, form)
  form = undefined
  const location = response.headers.get('location')
  if (location) {
    address = new URL(location, address).href
    if (/^http:\/\/127\.0\.0\.1:\d+\/callback/u.test(address)) {
      address = changed(address, options.bring)
      if (options.keep) done({ address })
      const page = await fetch(address)
      done({ status: page.status, text: await page.text(), address })
    }
    continue
  }
  const text = await response.text()
  const cancel = text.match(/href="([^"]*\/abort)"/u)
  if (options.cancel && cancel) {
    address = new URL(cancel[1], address).href
    continue
  }
  const found = text.match(/<form[^>]*>/u)
  if (!found) done({ status: response.status, text, address })
  form = new URLSearchParams()
  for (const [tag] of text.matchAll(/<input[^>]*>/gu)) {
    const { type, name, value = '' } = attributes(tag)
    if (name && type !== 'submit') form.set(name, name === 'login' ? options.login : name === 'password' ? 'secret' : value)
  }
  if (text.includes('name="confirm"') || /value="yes"/u.test(text)) form.set('confirm', 'yes')
  address = new URL(attributes(found[0]).action ?? address, address).href
}
done({ status: 0, text: 'no end' })
