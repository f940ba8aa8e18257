import type { Page } from '@playwright/test'
import { answer, ask, open } from './page'

const settings = (section: string, address = '/') => async (page: Page) => {
  await page.goto(address)
  await page.getByTestId('open-settings').click()
  await page.getByTestId(`section-${section}`).click()
  await page.getByTestId('settings').locator('.setting').first().waitFor()
}

/** Chooses what is listed, of a history with folders, tags, an archive and a trash. */
const list = async (page: Page, view: string) => {
  await page.goto('/?filed')
  await page.getByTestId('view').click()
  await page.getByTestId(`view-${view}`).first().click()
}

/** Drops files of these names on the window. */
const drop = (page: Page, ...names: string[]) =>
  page.locator('main').evaluate((main, names) => {
    const data = new DataTransfer()
    for (const name of names) data.items.add(new File(['some bytes'], name))
    main.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }))
  }, names)

const imports = async (page: Page, outcome: string) => {
  await page.goto(`/?empty&import=${outcome}`)
  await page.getByTestId('open-import').click()
  await page.getByTestId('choose-import').waitFor()
}

/** Holds something of every sort that is looked for. */
const HELD = 'Pay 4111 1111 1111 1111 for Jeanne Moreau (jeanne@exemple.fr, 06 12 34 56 78) to FR14 2004 1010 0505 0001 3M02 606'

/** Every screen of the page by its name, and how a new page comes to show it. */
export const SCENES: Record<string, (page: Page) => Promise<void>> = {
  'first start': (page) => page.goto('/?state=new&keychain').then(() => page.getByTestId('choose-temporary').waitFor()),
  notice: (page) => page.goto('/?notice').then(() => page.getByTestId('notice').waitFor()),
  'locked away': (page) => page.goto('/?state=locked&away').then(() => page.getByTestId('unlock').waitFor()),
  'locked by the keychain': (page) => page.goto('/?state=locked&keychain&away').then(() => page.getByTestId('unlock-keychain').waitFor()),
  'too many tries': (page) => page.goto('/?state=locked&tried&away').then(() => page.getByTestId('passphrase-wait').waitFor()),
  'a needed passphrase': (page) => page.goto('/?keychain&unprotected').then(() => page.getByTestId('set-passphrase').waitFor()),
  marked: async (page) => {
    await page.goto('/?marked')
    await open(page, 'Letter to the prefecture')
  },
  'a new passphrase': async (page) => {
    await page.goto('/?state=new')
    await page.getByTestId('choose-passphrase').click()
    await page.getByTestId('new-passphrase').fill('password')
    await page.getByTestId('create-vault').click()
  },
  locked: async (page) => {
    await page.goto('/?state=locked')
    await page.getByTestId('passphrase').fill('wrong')
    await page.getByTestId('unlock').click()
    await page.getByRole('alert').waitFor()
  },
  'nothing yet': (page) => page.goto('/?empty&endpoint=none').then(() => page.getByTestId('example').first().waitFor()),
  'a sign-in that is wanted': async (page) => {
    await page.goto('/?empty&sign-in=refused')
    await page.getByTestId('sign-in').click()
    await page.getByTestId('models-closed').getByRole('alert').waitFor()
  },
  'a card that is wanted': (page) => page.goto('/?empty&sign-in=card').then(() => page.getByTestId('certificate-secret').waitFor()),
  'who is signed in': async (page) => {
    await settings('endpoints', '/?empty&sign-in=now')(page)
    await page.getByTestId('account').getByTestId('sign-in').click()
    await page.getByTestId('sign-out').waitFor()
  },
  'an answer with everything': async (page) => {
    await page.goto('/?state=temporary&models=failed')
    await open(page, 'draft decree')
    await page.getByTestId('blocks').last().waitFor()
  },
  'code, diagrams, tables and charts': async (page) => {
    await page.goto('/?code')
    await open(page, 'Code and data')
    await page.getByTestId('chart').first().click()
    await page.getByTestId('table-chart').click()
    await page.getByTestId('diagram').locator('img').waitFor()
  },
  'an image that was opened': async (page) => {
    await page.goto('/?code')
    await open(page, 'Code and data')
    await page.getByTestId('diagram').getByRole('button').click()
    await page.getByTestId('image').waitFor()
  },
  'changes of files': async (page) => {
    await page.goto('/?code')
    await open(page, 'Code and data')
    await page.getByTestId('file-change').last().scrollIntoViewIfNeeded()
  },
  'a text that is corrected': async (page) => {
    await page.goto('/?empty')
    await page.getByTestId('composer').fill('I recieve teh letter tommorow, and thank you for it.')
    await page.getByTestId('writing-menu').click()
    await page.getByTestId('menu-correct').click()
    await page.getByTestId('change').nth(1).press('Space')
  },
  'a text to rewrite': async (page) => {
    await page.goto('/?empty')
    await page.getByTestId('composer').fill('Hello')
    await page.getByTestId('writing-menu').click()
    await page.getByTestId('menu-rewrite').click()
    await page.getByTestId('tone').waitFor()
  },
  'prompts to choose from': async (page) => {
    await page.goto('/?empty')
    await page.getByTestId('composer').fill('/')
    await page.getByTestId('prompt').first().waitFor()
  },
  'the prompts': settings('prompts'),
  'a new prompt': async (page) => {
    await settings('prompts')(page)
    await page.getByTestId('new-prompt').click()
    await page.getByTestId('prompt-name').fill('Thank')
    await page.getByTestId('prompt-text').fill('Thank {{who}}')
  },
  'a failure': async (page) => {
    await page.goto('/?empty')
    await ask(page, 'fail, think, drop')
    await answer(page, 'failed').waitFor()
    await page.getByTestId('edit').click()
  },
  'a message with files that waits to be sent': async (page) => {
    await page.goto('/?empty&offline')
    await page.getByTestId('attach').click()
    await page.getByTestId('temporary').click()
    await ask(page, 'hello')
    await page.getByTestId('unsent').waitFor()
    await page.getByTestId('context-use').click()
  },
  'a deletion to undo': async (page) => {
    await page.goto('/')
    await page.getByTestId('conversation-actions').nth(1).click()
    await page.getByTestId('pin').click()
    await page.getByTestId('conversation-actions').nth(1).click()
    await page.getByTestId('delete').click()
    await page.getByTestId('undo').waitFor()
  },
  'instructions of a conversation': async (page) => {
    await page.goto('/')
    await page.getByTestId('conversation-actions').first().click()
    await page.getByTestId('conversation-instructions-open').click()
    await page.getByTestId('conversation-instructions').waitFor()
  },
  'request and response': async (page) => {
    await page.goto('/')
    await open(page, 'draft decree')
    await page.getByTestId('exchange').click()
    await page.getByTestId('exchange-dialog').locator('pre').first().waitFor()
  },
  'filters of the search': async (page) => {
    await page.goto('/')
    await page.getByTestId('open-search-filters').click()
    await page.getByTestId('search-filters').waitFor()
  },
  'a lock that ended something': async (page) => {
    await page.goto('/?state=locked&away&ended')
    await page.getByTestId('temporary-ended').waitFor()
  },
  'the ways to copy': async (page) => {
    await page.goto('/')
    await open(page, 'draft decree')
    await page.getByTestId('copy-as').last().click()
    await page.getByTestId('copy-plain').waitFor()
  },
  'general settings': settings('general'),
  appearance: settings('appearance'),
  'settings of shortcuts': settings('shortcuts'),
  privacy: settings('privacy'),
  'an endpoint': async (page) => {
    await settings('endpoints')(page)
    await page.getByTestId('add-endpoint').click()
    await page.getByTestId('endpoint-address').fill('http://refused.example')
    await page.getByTestId('endpoint-http').check()
    await page.getByTestId('test-endpoint').click()
    await page.getByTestId('endpoint-outcome').getByTestId('failure').waitFor()
  },
  instructions: settings('instructions'),
  storage: async (page) => {
    await settings('storage')(page)
    await page.getByTestId('delete-all').click()
  },
  about: settings('about'),
  'a system without voices': settings('appearance', '/?voices=none'),
  'an answer that is read aloud elsewhere': async (page) => {
    await page.goto('/')
    await page.getByTestId('new-conversation').click()
    await ask(page, 'Le conseil vote slowly.')
    await page.locator('[data-testid=message][data-role=user]').getByTestId('read-aloud').click()
    await open(page, 'Offline note')
    await page.getByTestId('aloud').waitFor()
  },
  'a newer version': settings('about', '/?updates=found'),
  'rules of an organisation': settings('organisation', '/?policy&audit'),
  'a policy that was refused': settings('organisation', '/?policy=refused'),
  'prompts of an organisation': settings('prompts', '/?policy'),
  'settings that are fixed': settings('appearance', '/?policy'),
  'privacy under a policy': async (page) => {
    await settings('privacy', '/?policy&audit')(page)
    await page.getByTestId('audit-show').click()
    await page.getByTestId('audit-entries').waitFor()
  },
  'storage under a policy': settings('storage', '/?policy=strict'),
  'the first endpoint': async (page) => {
    await page.goto('/?state=new&endpoint=none')
    await page.getByTestId('choose-temporary').click()
    await page.getByTestId('choose-endpoint').waitFor()
  },
  'a search': async (page) => {
    await page.goto('/')
    await page.getByTestId('search').fill('the')
    await page.getByTestId('search-result').first().waitFor()
  },
  'the matches of a search': async (page) => {
    await page.goto('/')
    await page.getByTestId('search').fill('the')
    await page.getByTestId('search-result').first().click()
    await page.getByTestId('matches').waitFor()
  },
  commands: async (page) => {
    await page.goto('/')
    await open(page, 'draft decree')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('co')
    await page.getByTestId('palette-row').first().waitFor()
  },
  shortcuts: async (page) => {
    await page.goto('/')
    await page.getByTestId('open-settings').focus()
    await page.keyboard.press('Control+/')
    await page.getByTestId('shortcuts').waitFor()
  },
  'words found': async (page) => {
    await page.goto('/')
    await open(page, 'draft decree')
    await page.getByTestId('blocks').last().waitFor()
    await page.keyboard.press('Control+f')
    await page.keyboard.type('the')
    await page.getByTestId('find-next').click()
  },
  'two versions': async (page) => {
    await page.goto('/?empty')
    await ask(page, 'hello')
    await answer(page, 'complete').getByTestId('try-again').click()
    await answer(page, 'complete').getByTestId('compare').click()
    await page.getByTestId('keep').nth(1).waitFor()
  },
  'a quick question': async (page) => {
    await page.setViewportSize({ width: 680, height: 200 })
    await page.goto('/#quick')
    await page.getByTestId('composer').fill('What is the deadline of the decree?')
  },
  'the answer to a quick question': async (page) => {
    await page.setViewportSize({ width: 680, height: 600 })
    await page.goto('/?empty#quick')
    await ask(page, 'hello')
    await answer(page, 'complete').waitFor()
  },
  'a link': async (page) => {
    await page.goto('/')
    await open(page, 'draft decree')
    await page.getByTestId('blocks').locator('a[href^=http]').click()
    await page.getByTestId('link-dialog').waitFor()
  },
  'the models': async (page) => {
    await page.goto('/')
    await page.getByTestId('model-picker').click()
    await page.getByRole('menuitemradio').first().waitFor()
  },
  'a conversation that cannot be opened': async (page) => {
    await page.goto('/?unreadable')
    await open(page, 'draft decree')
    await page.getByTestId('load-failure').waitFor()
  },
  'conversations that cannot be listed': async (page) => {
    await page.goto('/?unlisted')
    await page.getByTestId('load-failure').waitFor()
  },
  'the middle of a long conversation and a long list': async (page) => {
    await page.goto('/?messages=1000&conversations=1000')
    await open(page, 'A very long conversation')
    await page.getByText('Reply 1000').waitFor()
    await page.mouse.move(700, 300)
    await page.mouse.wheel(0, -20_000)
    await page.mouse.move(100, 300)
    await page.mouse.wheel(0, 8000)
    await page.getByTestId('to-latest').waitFor()
  },
  'the actions of a conversation': async (page) => {
    await page.goto('/')
    await page.getByTestId('conversation-actions').first().click()
    await page.getByTestId('delete').waitFor()
  },
  'the lists to choose from': async (page) => {
    await page.goto('/?filed')
    await page.getByTestId('view').click()
    await page.getByTestId('select').waitFor()
  },
  'a folder': async (page) => {
    await list(page, 'folder')
    await page.getByTestId('empty-folder').waitFor()
  },
  'the actions of a folder': async (page) => {
    await list(page, 'folder')
    await page.getByTestId('view-actions').click()
    await page.getByTestId('export').click()
    await page.getByTestId('export-json').waitFor()
  },
  'a new folder': async (page) => {
    await page.goto('/?filed')
    await page.getByTestId('view').click()
    await page.getByTestId('folder-new').click()
    await page.getByTestId('name').fill('Decrees')
    await page.getByTestId('keep-name').click()
    await page.getByTestId('failure').waitFor()
  },
  'instructions and files of a folder': async (page) => {
    await list(page, 'folder')
    await page.getByTestId('view-actions').click()
    await page.getByTestId('folder-open').click()
    await page.getByTestId('add-folder-files').click()
    await page.getByTestId('retention-on').check()
    await page.getByTestId('folder-dialog').locator('li').first().waitFor()
  },
  'the trash': async (page) => {
    await list(page, 'deleted')
    await page.getByTestId('conversation-actions').click()
    await page.getByTestId('erase').waitFor()
  },
  'a deletion for good': async (page) => {
    await list(page, 'deleted')
    await page.getByTestId('empty-trash').click()
    await page.getByTestId('confirm').waitFor()
  },
  'the empty archive': async (page) => {
    await page.goto('/')
    await page.getByTestId('view').click()
    await page.getByTestId('view-archived').click()
    await page.getByTestId('empty-list').waitFor()
  },
  'the folders to move to': async (page) => {
    await page.goto('/?filed')
    await page.getByTestId('conversation-actions').first().click()
    await page.getByTestId('move').click()
    await page.getByTestId('move-new').waitFor()
  },
  tags: async (page) => {
    await page.goto('/?filed')
    await page.getByTestId('conversation-actions').first().click()
    await page.getByTestId('tags').click()
    await page.getByTestId('tag').first().waitFor()
  },
  'the selection of several': async (page) => {
    await page.goto('/?filed')
    const items = page.getByTestId('conversation-item')
    await items.nth(0).click({ modifiers: ['Control'] })
    await items.nth(2).click({ modifiers: ['Shift'] })
    await page.getByTestId('selected-merge').waitFor()
  },
  'several become one': async (page) => {
    await page.goto('/?filed')
    const items = page.getByTestId('conversation-item')
    await items.nth(0).click({ modifiers: ['Control'] })
    await items.nth(2).click({ modifiers: ['Shift'] })
    await page.getByTestId('selected-merge').click()
    await page.getByTestId('name').waitFor()
  },
  'an import to begin': (page) => imports(page, 'short'),
  'an import on its way': async (page) => {
    await imports(page, 'long')
    await page.getByTestId('choose-import').click()
    await page.getByTestId('import-progress').waitFor()
    await page.getByTestId('stop-import').waitFor()
  },
  'what came of an import': async (page) => {
    await imports(page, 'failed')
    await page.getByTestId('choose-import').click()
    await page.getByTestId('import-left-out').locator('summary').click()
    await page.getByTestId('import-refused').locator('summary').click()
    await page.getByTestId('open-imported').first().waitFor()
  },
  activity: async (page) => {
    await settings('activity')(page)
    await page.getByTestId('bar').first().waitFor()
  },
  'backups without protection': settings('storage'),
  'a passphrase for backups': async (page) => {
    await settings('storage')(page)
    await page.getByTestId('backup-passphrase').click()
    await page.getByTestId('protect-backups').click()
    await page.getByTestId('setting-backups').scrollIntoViewIfNeeded()
  },
  'a recovery key': async (page) => {
    await settings('storage')(page)
    await page.getByTestId('backup-key').click()
    await page.getByTestId('recovery-key').scrollIntoViewIfNeeded()
  },
  'scheduled backups that fail': async (page) => {
    await settings('storage', '/?backups=failing')(page)
    await page.getByTestId('stop-backups').scrollIntoViewIfNeeded()
  },
  'a failed backup': async (page) => {
    await page.goto('/?backups=failing')
    await page.locator('html[data-subscribed]').waitFor()
    await page.evaluate(() => window.dispatchEvent(new CustomEvent('bureau-shell', { detail: { type: 'backups' } })))
    await page.getByTestId('notice-action').waitFor()
  },
  'a backup to restore': async (page) => {
    await settings('storage', '/?backups=passphrase')(page)
    await page.getByTestId('restore-open').click()
    await page.getByTestId('restore-secret').fill('wrong')
    await page.getByTestId('restore').click()
    await page.getByRole('alert').waitFor()
  },
  'several machines': async (page) => {
    await settings('storage', '/?sync=failing')(page)
    await page.getByTestId('setting-sync').scrollIntoViewIfNeeded()
  },
  'a machine that joins': async (page) => {
    await settings('storage', '/?sync=offered')(page)
    await page.getByTestId('sync-join').click()
    await page.getByTestId('sync-code-field').fill('burea')
    await page.getByTestId('sync-begin').click()
    await page.getByTestId('setting-sync').getByRole('alert').waitFor()
    await page.getByTestId('sync-begin').scrollIntoViewIfNeeded()
  },
  'a pairing code': async (page) => {
    await settings('storage', '/?sync=on')(page)
    await page.getByTestId('sync-code-show').click()
    await page.getByTestId('sync-code').scrollIntoViewIfNeeded()
  },
  'a damaged history': async (page) => {
    await page.goto('/?state=damaged&backups=scheduled')
    await open(page, 'draft decree')
    await page.getByTestId('restore-last').waitFor()
  },
  'problems of the history': async (page) => {
    await settings('storage', '/?damaged')(page)
    await page.getByTestId('verify').click()
    await page.getByTestId('read-damaged').scrollIntoViewIfNeeded()
  },
  'a history that cannot be opened': async (page) => {
    await page.goto('/?ruined')
    await page.getByTestId('restore-offer').waitFor()
  },
  'a hold on a folder': async (page) => {
    await list(page, 'folder')
    await page.getByTestId('view-actions').click()
    await page.getByTestId('folder-open').click()
    await page.getByTestId('folder-dialog').getByRole('switch').click()
    await page.getByTestId('confirm-hold').scrollIntoViewIfNeeded()
  },
  'how long conversations are kept': async (page) => {
    await settings('storage')(page)
    await page.getByTestId('retention-on').check()
    await page.getByTestId('setting-hold').getByRole('switch').click()
    await page.getByTestId('setting-retention').scrollIntoViewIfNeeded()
  },
  'a text beside its translation': async (page) => {
    await page.goto('/?empty')
    await page.getByTestId('composer').fill('The council met on Monday.\n\nThe rent is 850.00 euros.\n\nThe bridge is old.')
    await drop(page, 'lease.docx')
    await page.getByTestId('translate-file').click()
    await page.getByTestId('translate-what').selectOption('')
    await page.getByTestId('translate').click()
    await page.getByTestId('translated').first().waitFor()
  },
  'a document to be translated': async (page) => {
    await page.goto('/?empty')
    await drop(page, 'lease.docx')
    await page.getByTestId('translate-file').click()
    await page.getByTestId('translate-to').waitFor()
  },
  'documents to be summarised': async (page) => {
    await page.goto('/?empty')
    await drop(page, 'bail de la mairie.pdf', 'locked.docx', 'plan.xlsx')
    await page.getByTestId('file-password').fill('wrong')
    await page.getByTestId('unlock-file').click()
    await page.getByRole('alert').waitFor()
    await drop(page, 'slow.pdf')
    await page.getByTestId('reading-file').waitFor()
  },
  'a summary on its way': async (page) => {
    await page.goto('/?empty')
    await drop(page, 'slow.pdf')
    await page.getByTestId('summarise').click()
    await page.getByTestId('summary-progress').waitFor()
  },
  'a passage beside its summary': async (page) => {
    await page.goto('/?documents')
    await open(page, 'Le bail de la mairie')
    await answer(page, 'complete').locator('a[href^="passage:"]').nth(2).click()
    await page.getByTestId('document-panel').locator('mark').waitFor()
  },
  'what is found while one types': async (page) => {
    await page.goto('/?empty')
    await page.getByTestId('composer').fill(HELD)
    await page.getByTestId('found').waitFor()
  },
  'a question that is asked about': async (page) => {
    await page.goto('/?empty')
    await ask(page, 'Pay FR14 2004 1010 0505 0001 3M02 606 by Friday')
    await page.getByTestId('found-list').waitFor()
  },
  'a question that cannot be sent': async (page) => {
    await page.goto('/?empty')
    await ask(page, HELD)
    await page.getByTestId('found-list').waitFor()
  },
  'what would be sent': async (page) => {
    await page.goto('/?empty')
    await page.getByTestId('composer').fill('Write to Jeanne Moreau, jeanne@exemple.fr, 06 12 34 56 78')
    await page.getByTestId('outgoing').click()
    await page.getByTestId('outgoing-dialog').locator('pre').waitFor()
  },
  'an answer with what was replaced': async (page) => {
    await page.goto('/?empty')
    await ask(page, 'Write to Jeanne Moreau, jeanne@exemple.fr')
    await answer(page, 'complete').waitFor()
  },
}
