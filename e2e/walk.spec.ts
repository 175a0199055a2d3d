// One walk through the product, as a newcomer would take it.
import { expect, type APIRequestContext, type Page } from '@playwright/test'
import { startModel } from './model.ts'
import { expectAccessible, signIn } from './session.ts'
import { apiKey, test } from './server.ts'

const delivery = `# Delivery

We deliver within Belgium in **two working days**. Parcels leave our warehouse at four in the afternoon.

# Returns

You can return anything within thirty days. We refund the price and the postage.
`

async function makeAssistant(page: Page, url: string) {
  await page.goto(`${url}/assistants`)
  await page.getByRole('button', { name: 'New assistant' }).first().click()
  await page.getByRole('radio', { name: /^Empty/ }).check({ force: true })
  await page.getByLabel('Name', { exact: true }).fill('Walker')
  await page.getByRole('button', { name: 'Create assistant' }).click()
  await expect(page.getByRole('heading', { name: 'Walker', level: 1 })).toBeVisible()
}

async function addKnowledge(page: Page) {
  await page.getByRole('tab', { name: 'Knowledge' }).click()
  await page.getByRole('button', { name: 'Add a document' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Title').fill('Shop manual')
  await dialog.getByLabel('Content').fill(delivery)
  await dialog.getByRole('button', { name: 'Add document' }).click()
  await expect(page.getByRole('button', { name: 'Shop manual', exact: true })).toBeVisible()
}

async function addVariable(page: Page) {
  await page.getByRole('tab', { name: 'Variables' }).click()
  await page.getByRole('button', { name: 'Add a variable' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('order_id')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText(/Saved as version/).first()).toBeVisible()
}

async function say(page: Page, text: string) {
  const box = page.getByLabel('Write as a contact…')
  await box.fill(text)
  await box.press('Enter')
}

test('from a new assistant to a read and closed conversation', async ({ page, empty }) => {
  const errors: string[] = []
  page.on('pageerror', (e) => errors.push(e.message))
  await signIn(page, empty.url)

  await makeAssistant(page, empty.url)
  await addKnowledge(page)
  await addVariable(page)

  // Chat: the answer streams, cites its source, and the variable is collected.
  const log = page.getByRole('log').first()
  await say(page, 'How long does delivery take within Belgium?')
  await expect(log.getByText(/two working days/)).toBeVisible()
  await expect(log.getByText(/Shop manual/).first()).toBeVisible()
  await say(page, 'My order is ORD-12345')
  await expect(page.getByText('ORD-12345').nth(1)).toBeVisible()

  // The same conversation in the list, found by search.
  await page.getByRole('link', { name: 'Open in Conversations' }).click()
  await expect(page).toHaveURL(/\/conversations\/[0-9a-f-]{36}/)
  const id = /conversations\/([0-9a-f-]{36})/.exec(page.url())![1]
  await expect(page.getByText('Extracted', { exact: true })).toBeVisible()
  await expect(page.getByText('order_id', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Why this answer?' }).first().click()
  await expect(page.getByRole('dialog').getByText(/Shop manual/).first()).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('Escape')

  // Take over, answer, give back.
  await page.getByRole('button', { name: 'Take over' }).first().click()
  await page.getByLabel('Your message').fill('Hello, this is a person.')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Hello, this is a person.').first()).toBeVisible()
  await page.getByRole('button', { name: 'Release' }).first().click()
  await expect(page.getByText(/answers this conversation/)).toBeVisible()

  // End it; the evaluation follows, and the cost is known to be nothing.
  await page.getByRole('button', { name: 'End', exact: true }).click()
  await page.getByRole('button', { name: 'End conversation' }).click()
  await expect(page.getByText('This conversation has ended.')).toBeVisible()
  await expect(page.getByText(/Judged by/)).toBeVisible()
  await expect(page.getByText('0 cr').first()).toBeVisible()

  // Search, by keyboard.
  await page.goto(`${empty.url}/conversations`)
  await expect(page.locator(`[data-row="${id}"]`)).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('ORD-12345')
  await expect(page).toHaveURL(/q=ORD-12345/)
  await expect(page.locator(`[data-row="${id}"] mark`).first()).toBeVisible()
  expect(errors).toEqual([])
})

// caller calls the API of a server.
function caller(request: APIRequestContext, url: string) {
  return async (method: string, path: string, data?: unknown) => {
    const res = await request.fetch(`${url}/api/v1${path}`, {
      method,
      data,
      headers: { Authorization: `Bearer ${apiKey}` },
    })
    expect(res.ok(), `${method} ${path}: ${res.status()} ${await res.text()}`).toBeTruthy()
    return res.status() === 204 ? null : res.json()
  }
}

// Each filter finds the conversation that fits and hides the one that does not.
test('every filter, in the URL', async ({ page, empty, request }) => {
  const api = caller(request, empty.url)
  const config = {
    name: 'Filter', prompt: 'Answer.', status: 'active', speaks_first: false, inactivity_minutes: 30,
    reply_delay_seconds: 0, after_end: 'new', model: { provider_id: 'builtin', model: 'builtin-answerer' },
    variables: [{ name: 'city', type: 'text', source: 'pre_chat' }],
  }
  const one = await api('POST', '/assistants', config)
  const two = await api('POST', '/assistants', { ...config, name: 'Other' })
  const yes = await api('POST', '/conversations', {
    assistant_id: one.id, source: 'api', external_id: 'ext-1', contact_name: 'Zoë Żmijewska', variables: { city: 'Gent' },
  })
  await api('POST', `/conversations/${yes.id}/messages?wait=60`, { content: 'I want to talk to a person' })
  await api('POST', `/conversations/${yes.id}/end`)
  const no = await api('POST', '/conversations', { assistant_id: two.id, source: 'test' })
  await api('POST', `/conversations/${no.id}/messages?wait=60`, { content: 'Plain words' })

  await signIn(page, empty.url)
  for (const query of [
    'source=api', `assistant_id=${one.id}`, 'status=ended', 'contact=zmijewska', 'handed_over=true',
    'variable[city]=gent', 'q=talk+person', 'has_attachment=false&source=api', 'has_error=false&status=ended',
  ]) {
    await page.goto(`${empty.url}/conversations?${query}`)
    await expect(page.locator(`[data-row="${yes.id}"]`), query).toBeVisible()
    await expect(page.locator(`[data-row="${no.id}"]`), query).toHaveCount(0)
  }
  await page.goto(`${empty.url}/conversations?q=nothingofthekind`)
  await expect(page.getByText('Nothing matches these filters')).toBeVisible()
  await page.getByRole('button', { name: 'Clear all filters' }).click()
  await expect(page.locator(`[data-row="${no.id}"]`)).toBeVisible()
})

async function startChat(page: Page) {
  const start = page.getByRole('button', { name: 'Start conversation' })
  await expect(start.or(page.getByLabel('Write as a contact…')).first()).toBeVisible()
  if (await start.isVisible()) await start.click()
}

test('the assistant of the demo names its source', async ({ page, demo }) => {
  await page.goto(demo.signInLink)
  await expect(page.getByRole('heading', { name: 'Conversations', level: 1 })).toBeVisible()
  await page.goto(`${demo.url}/assistants`)
  await page.getByRole('link', { name: /Mira/ }).first().click()
  await startChat(page)
  await say(page, 'How do I return a bag of beans?')
  await expect(page.getByRole('log').first().getByText(/Source:/).last()).toBeVisible()
})

// The model takes its time, so that also a busy browser has to show its words
// as they come; the built-in answerer is done within half a second.
test('a streamed answer is seen while it is made', async ({ page, empty, request }) => {
  const model = await startModel(100)
  try {
    const api = caller(request, empty.url)
    const provider = await api('POST', '/providers', {
      name: 'Slow', kind: 'openai', base_url: model.url, api_key: 'none', models: ['slow'],
    })
    const assistant = await api('POST', '/assistants', {
      name: 'Slow', prompt: 'Answer.', status: 'active', speaks_first: true, greeting: 'Hello.', inactivity_minutes: 30,
      reply_delay_seconds: 0, after_end: 'new', model: { provider_id: provider.id, model: 'slow' },
    })
    await signIn(page, empty.url)
    await page.goto(`${empty.url}/assistants/${assistant.id}`)
    await startChat(page)
    const log = page.getByRole('log').first()
    await log.evaluate((el) => {
      const seen = new Set<number>()
      Object.assign(window, { seenLengths: seen })
      new MutationObserver(() => seen.add(el.textContent!.length)).observe(el, {
        subtree: true, childList: true, characterData: true,
      })
    })
    await say(page, 'When do you send the beans?')
    await expect(log.getByText(/leave the house on Wednesday/).last()).toBeVisible()
    const states = await page.evaluate(() => (window as unknown as { seenLengths: Set<number> }).seenLengths.size)
    expect(states, 'the answer came in one piece').toBeGreaterThan(3)
  } finally {
    await model.stop()
  }
})
