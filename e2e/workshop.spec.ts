// The workshop: an assistant's versions beside each other, what a model would be
// sent, a file out and back in, and a good answer that becomes an example.
import { readFile } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'
import { apiKey, test } from './server.ts'
import { expectAccessible, expectAccessibleInBoth, signIn } from './session.ts'

const config = {
  name: 'Mira', status: 'active', speaks_first: false, inactivity_minutes: 30, reply_delay_seconds: 0, after_end: 'new',
  model: { provider_id: 'builtin', model: 'builtin-answerer' },
  variables: [{ name: 'city', type: 'text', source: 'pre_chat' }],
}
const tool = { name: 'find', description: 'Finds', method: 'GET', url: 'https://shop.example/', headers: { 'X-Key': 'very-secret' } }

test('an assistant is compared, previewed, taken elsewhere and taught', async ({ page, request, fresh: parley }) => {
  const api = async (method: string, path: string, data?: object) => {
    const sent = await request.fetch(`${parley.url}/api/v1${path}`, { method, data, headers: { Authorization: `Bearer ${apiKey}` } })
    expect(sent.ok(), await sent.text()).toBeTruthy()
    return sent.json()
  }
  const { id } = await api('POST', '/assistants', { ...config, prompt: 'You are kind.\nAnswer in two sentences.' })
  await api('POST', `/assistants/${id}/knowledge`, { title: 'Hours', content: 'We open at nine in the morning.' })
  await api('PUT', `/assistants/${id}`, { ...config, inactivity_minutes: 45, prompt: 'You are kind to {contact_name} from {city}, {nobody}.\nAnswer in three sentences.', tools: [tool] })
  await signIn(page, parley.url)

  await test.step('two versions are compared, and one is restored', async () => {
    await page.goto(`${parley.url}/assistants/${id}/versions`)
    await page.getByRole('link', { name: 'Compare the last two' }).click()
    await expect(page).toHaveURL(/\/versions\?a=2&b=3$/)
    await expect(page.locator('del', { hasText: 'two' })).toBeVisible()
    await expect(page.locator('ins', { hasText: 'three' })).toBeVisible()
    await expect(page.getByRole('row', { name: 'inactivity 30 minutes 45 minutes' })).toBeVisible()
    await expect(page.getByText('find', { exact: true })).toBeVisible()
    await expectAccessibleInBoth(page)
    await page.goto(`${parley.url}/assistants/${id}/versions?a=1&b=3`)
    await page.getByRole('button', { name: 'Show what changed in it' }).click()
    await expect(page.locator('ins', { hasText: 'We open at nine' })).toBeVisible()
    await page.setViewportSize({ width: 390, height: 844 })
    await expectAccessible(page)
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.getByRole('button', { name: 'Restore version 1' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()
    await expect(page.getByText('Version 1 is back, as version 4')).toBeVisible()
    await page.goto(`${parley.url}/assistants/${id}/versions?a=4&b=3`)
    await page.getByRole('button', { name: 'Restore version 3' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()
    await expect(page.getByText('Version 3 is back, as version 5')).toBeVisible()
  })

  await test.step('the prompt is shown as it would be sent', async () => {
    await page.goto(`${parley.url}/assistants/${id}`)
    await page.getByRole('button', { name: 'Preview', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'What the model would be sent' })
    await expect(dialog).toContainText('Nothing fills {nobody}')
    await expect(dialog).toContainText('No value for {contact_name}, {city}')
    await dialog.getByLabel('Contact’s name').fill('Ada')
    await dialog.getByLabel('city').fill('Cork')
    await dialog.getByLabel('First message').fill('When do you open?')
    await expect(dialog.locator('mark', { hasText: 'Ada' })).toBeVisible()
    await expect(dialog.locator('pre')).toContainText('We open at nine in the morning.')
    await expect(dialog).not.toContainText('No value for')
    await expectAccessibleInBoth(page)
    await page.keyboard.press('Escape')
  })

  await test.step('it is copied, and goes to a file and back', async () => {
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Duplicate' }).click()
    await expect(page.getByRole('heading', { name: 'Mira (copy)', level: 1 })).toBeVisible()
    await expect(page.getByRole('tab', { name: /Knowledge ?1/ })).toBeVisible()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Export to a file' }).click()
    const file = await download
    expect(file.suggestedFilename()).toBe('mira-copy.parley.yaml')
    const text = (await readFile(await file.path())).toString()
    expect(text).not.toContain('very-secret')
    await page.goto(`${parley.url}/assistants`)
    const load = (content: string) =>
      page.getByLabel('Import an assistant from a file').setInputFiles({ name: 'a.yaml', mimeType: 'application/yaml', buffer: Buffer.from(content) })
    await load('name: nothing else\n')
    await expect(page.getByRole('dialog')).toContainText('This is not the file of an assistant')
    await page.keyboard.press('Escape')
    await load(`${text}\nmood: good\n`.replace('Mira (copy)', 'Mira abroad'))
    const notes = page.getByRole('dialog', { name: 'Mira abroad was imported, as a draft' })
    await expect(notes).toContainText('Parley does not know "mood"')
    await expect(notes).toContainText('needs the header X-Key')
    await expectAccessibleInBoth(page)
    await notes.getByRole('button', { name: 'Open the assistant' }).click()
    await expect(page.getByRole('heading', { name: 'Mira abroad', level: 1 })).toBeVisible()
  })

  await test.step('a good answer becomes an example, and answers', async () => {
    const { id: conversation } = await api('POST', '/conversations', { assistant_id: id, source: 'api' })
    await api('POST', `/conversations/${conversation}/messages?wait=20`, { content: 'Is there parking? Call +49 30 1234567' })
    await page.goto(`${parley.url}/conversations/${conversation}`)
    await page.getByRole('button', { name: 'Take over' }).click()
    await page.getByRole('textbox', { name: 'Your message' }).fill('Yes, behind the house.')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Use as example: Yes, behind the house.' }).click()
    const dialog = page.getByRole('dialog', { name: 'Use as example' })
    await expect(dialog.getByLabel('Question')).toHaveValue('Is there parking? Call [phone]')
    await expect(dialog).toContainText('It goes when the conversation is erased')
    await expectAccessibleInBoth(page)
    await dialog.getByLabel('Question').fill('Is there parking?')
    await dialog.getByRole('button', { name: 'Add the example' }).click()
    await expect(page.getByText('Added to Mira, version 6')).toBeVisible()
    await page.goto(`${parley.url}/assistants/${id}/examples`)
    await expect(page.getByText('Yes, behind the house.')).toBeVisible()
    await expectAccessibleInBoth(page)
    const { id: other } = await api('POST', '/conversations', { assistant_id: id, source: 'api' })
    const { replies } = await api('POST', `/conversations/${other}/messages?wait=20`, { content: 'is there parking' })
    expect(replies[0].content).toContain('*Source: Example › Is there parking?*')
    await page.getByRole('button', { name: 'Actions for “Is there parking?”' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByText('Saved as version 7')).toBeVisible()
    await expect(page.getByText('No examples yet')).toBeVisible()
  })

  await test.step('so does one of the Test Chat, beside edits that are not saved', async () => {
    const chat = page.getByRole('region', { name: 'Test Chat with this assistant' })
    await page.goto(`${parley.url}/assistants/${id}`)
    await page.getByRole('textbox', { name: 'Prompt' }).fill('You are kind and brief.')
    await chat.getByRole('textbox', { name: 'Write as a contact…' }).fill('When do you open?')
    await page.keyboard.press('Enter')
    await chat.getByRole('button', { name: /^Use as example: We open at nine/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Use as example' })
    await expect(dialog.getByLabel('Question')).toHaveValue('When do you open?')
    await dialog.getByLabel('Answer').fill('At nine, every day.')
    await dialog.getByRole('button', { name: 'Add the example' }).click()
    await expect(chat.getByText('Kept as an example.')).toBeVisible()
    await expectAccessibleInBoth(page)
    await chat.getByRole('link', { name: 'See the examples' }).click()
    await expect(page).toHaveURL(/\/examples$/)
    await expect(page.getByRole('button', { name: 'When do you open?', exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByText('Saved as version 9')).toBeVisible()
    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByRole('tab', { name: 'Test Chat' }).click()
    await expect(chat.getByText('Kept as an example.')).toBeVisible()
    await expectAccessibleInBoth(page)
  })
})
