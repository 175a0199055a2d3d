// The desk: what people put on conversations, and how they find them again.
import { expect, type Browser, type Page } from '@playwright/test'
import { apiKey, test, type Parley } from './server.ts'
import { expectAccessible, signIn } from './session.ts'

const operator = { name: 'Olga Operator', email: 'olga@example.com', password: 'another battery staple' }
const rows = (page: Page) => page.locator('[data-row]')
const row = (page: Page, name: string) => rows(page).filter({ hasText: name })
const detail = (page: Page) => page.getByRole('region', { name: 'Conversation', exact: true })
const notes = (page: Page) => page.getByRole('list', { name: 'Internal notes' })

type API = (method: string, path: string, data?: object) => Promise<any>

// shop has three contacts who have written, and nobody who answers by itself.
async function shop(api: API) {
  const assistant = await api('POST', '/assistants', {
    name: 'Mira', prompt: 'Answer.', status: 'active', speaks_first: false, inactivity_minutes: 30, reply_delay_seconds: 300,
    after_end: 'new', model: { provider_id: 'builtin', model: 'builtin' },
  })
  const ids: Record<string, string> = {}
  for (const name of ['Ada Adams', 'Ben Brown', 'Cleo Clark']) {
    const { id } = await api('POST', '/conversations', { assistant_id: assistant.id, source: 'api', external_id: name, contact_name: name })
    await api('POST', `/conversations/${id}/messages`, { content: `This is ${name}.` })
    ids[name] = id
  }
  return ids
}

async function colleague(browser: Browser, parley: Parley, api: API): Promise<Page> {
  const { url } = await api('POST', '/invites', { email: operator.email, role: 'operator' })
  const page = await (await browser.newContext()).newPage()
  await page.goto(url)
  await page.getByLabel('Your name').fill(operator.name)
  await page.getByLabel('Password', { exact: true }).fill(operator.password)
  await page.getByRole('button', { name: /Join/ }).click()
  await expect(page.getByRole('heading', { name: 'Conversations', level: 1 })).toBeVisible()
  return page
}

test('conversations are read, tagged, noted, reviewed, found again and answered', async ({ page, browser, request, fresh: parley }) => {
  const api: API = async (method, path, data) => {
    const sent = await request.fetch(`${parley.url}/api/v1${path}`, { method, data, headers: { Authorization: `Bearer ${apiKey}` } })
    expect(sent.ok(), await sent.text()).toBeTruthy()
    return sent.status() === 204 ? undefined : sent.json()
  }
  await signIn(page, parley.url)
  const other = await colleague(browser, parley, api)
  const ids = await shop(api)

  await test.step('what is new is unread, until it is opened, for oneself', async () => {
    await expect(page.locator('[data-row][data-unread]')).toHaveCount(3)
    await row(page, 'Ada Adams').click()
    await expect(detail(page).getByRole('heading', { name: 'Ada Adams' })).toBeVisible()
    await expect(page.locator('[data-row][data-unread]')).toHaveCount(2)
    await page.keyboard.press('u')
    await expect(detail(page)).toBeHidden()
    await expect(page.locator('[data-row][data-unread]')).toHaveCount(3)
    await row(page, 'Ada Adams').click()
    await expect(page.locator('[data-row][data-unread]')).toHaveCount(2)
    await page.reload()
    await expect(page.locator('[data-row][data-unread]')).toHaveCount(2)
    await expect(other.locator('[data-row][data-unread]')).toHaveCount(3)
    await api('POST', `/conversations/${ids['Ben Brown']}/messages`, { content: 'Once more.' })
    await expect(row(page, 'Once more.')).toHaveAttribute('data-unread')
  })

  await test.step('a tag is made where it is put, and seen by the other', async () => {
    await detail(page).getByRole('button', { name: 'Add a tag' }).click()
    await page.getByRole('textbox', { name: 'Find a tag, or name a new one' }).fill('Refund')
    await expectAccessible(page)
    await page.keyboard.press('Enter')
    await expect(detail(page).getByRole('button', { name: 'Take off the tag Refund' })).toBeVisible()
    await expect(row(other, 'Ada Adams')).toContainText('Refund')
  })

  await test.step('notes are live, and only their author changes them', async () => {
    await row(other, 'Ada Adams').click()
    await detail(page).getByRole('textbox', { name: 'A new internal note' }).fill('Paid twice, says the bank.')
    await detail(page).getByRole('button', { name: 'Add note' }).click()
    await expect(notes(other)).toContainText('Paid twice, says the bank.')
    await expect(notes(other).getByRole('button')).toHaveCount(0)
    await notes(page).getByRole('button', { name: /^Edit the note/ }).click()
    await detail(page).getByRole('textbox', { name: 'The note' }).fill('Paid once.')
    await detail(page).getByRole('button', { name: 'Save' }).click()
    await expect(notes(other)).toContainText('Paid once.')
    await expect(other.getByRole('log')).not.toContainText('Paid once.')
    await expect(row(page, 'Ada Adams').getByText('1 internal note')).toBeAttached()
    await expectAccessible(other)
  })

  await test.step('one key says that it was reviewed', async () => {
    await detail(other).getByRole('heading', { name: 'Ada Adams' }).click()
    await other.keyboard.press('r')
    await expect(detail(page).getByRole('button', { name: 'Reviewed', pressed: true })).toBeVisible()
    await detail(page).getByRole('button', { name: 'Reviewed' }).hover()
    await expect(page.getByText(/^Reviewed by Olga Operator/)).toBeVisible()
    await expectAccessible(page)
  })

  await test.step('filters become a view, with how much is in it', async () => {
    await page.goto(`${parley.url}/conversations?reviewed=false`)
    await expect(rows(page)).toHaveCount(2)
    await page.getByRole('button', { name: 'Save view' }).click()
    await page.getByLabel('Name').fill('To review')
    await page.getByLabel('Everybody in the workspace sees it').check()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const views = page.getByRole('navigation', { name: 'Views' })
    await expect(views.getByRole('link', { name: /To review 2/ })).toHaveAttribute('aria-current', 'page')
    await views.getByRole('link', { name: 'All' }).click()
    await expect(rows(page)).toHaveCount(3)
    await page.getByRole('button', { name: 'Tags' }).click()
    await page.getByRole('checkbox', { name: 'Refund' }).check()
    await expect(rows(page)).toHaveCount(1)
    await expectAccessible(page)
    await other.reload()
    await other.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /To review/ }).click()
    await expect(rows(other)).toHaveCount(2)
    await expect(other.getByRole('button', { name: 'Change the view To review' })).toHaveCount(0)
  })

  await test.step('a canned reply is written in Settings and put in with a slash', async () => {
    await page.goto(`${parley.url}/settings/replies`)
    await page.getByRole('button', { name: 'New reply' }).click()
    await page.getByLabel('Shortcut').fill('hello')
    await page.getByLabel('Text').fill('Hello ')
    await page.getByRole('button', { name: 'Put in contact_name' }).click()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Create' }).click()
    await expect(page.getByText('Hello {contact_name}')).toBeVisible()
    await expectAccessible(page)

    await page.goto(`${parley.url}/conversations/${ids['Cleo Clark']}`)
    await page.getByRole('button', { name: 'Take over' }).click()
    const field = page.getByRole('textbox', { name: 'Your message' })
    await field.pressSequentially('/')
    await expect(page.getByRole('option', { name: /hello/ })).toHaveAttribute('aria-selected', 'true')
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('option')).toHaveCount(0)
    await field.pressSequentially('h')
    await page.keyboard.press('Enter')
    await expect(field).toHaveValue('Hello Cleo Clark')
    await field.pressSequentially('!')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('log')).toContainText('Hello Cleo Clark!')
  })

  await test.step('a tag is renamed and deleted in Settings', async () => {
    await page.goto(`${parley.url}/settings/tags`)
    await page.getByRole('button', { name: 'Edit the tag Refund' }).click()
    await page.getByLabel('Name').fill('Money back')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('link', { name: '1 conversation' }).click()
    await expect(row(page, 'Money back')).toHaveCount(1)
    await page.goBack()
    await page.getByRole('button', { name: 'Delete the tag Money back' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await expect(page.getByRole('heading', { name: 'No tags yet' })).toBeVisible()
    await expectAccessible(page)
  })

  await test.step('on a phone in the dark', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'dark' })
    for (const path of ['/conversations', `/conversations/${ids['Ada Adams']}`, '/settings/replies']) {
      await page.goto(`${parley.url}${path}`)
      await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible()
      await expectAccessible(page)
    }
  })
  await other.context().close()
})
