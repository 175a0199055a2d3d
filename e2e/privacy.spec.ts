// Forgetting: a person is erased and leaves a receipt, and old conversations go.
import { execFileSync } from 'node:child_process'
import { expect } from '@playwright/test'
import { apiKey, test } from './server.ts'
import { expectAccessible, posting, signIn } from './session.ts'

test('a person is erased with everything, and conversations are kept for as long as is said', async ({ page, request, fresh: parley }) => {
  const headers = { Authorization: `Bearer ${apiKey}` }
  const api = posting(request, parley.url)
  const assistant = await api('/assistants', {
    name: 'Mira', prompt: 'Answer.', status: 'active', speaks_first: false, inactivity_minutes: 30, reply_delay_seconds: 0,
    model: { provider_id: 'builtin', model: 'builtin-1' },
  })
  const says = async (name: string, text: string) => {
    const conversation = await api('/conversations', { assistant_id: assistant.id, source: 'api', external_id: `${name}-${text}`, contact_name: name })
    await api(`/conversations/${conversation.id}/messages`, { content: text })
    return conversation
  }
  const ada = await says('Ada Zebrafinch', 'My zebrafinch order is late')
  await says('Bob Marmalade', 'Do you have marmalade?')

  const sent = await request.post(`${parley.url}/api/v1/attachments`, {
    headers, multipart: { file: { name: 'zebrafinch.txt', mimeType: 'text/plain', buffer: Buffer.from('A file of a zebrafinch') } },
  })
  await api(`/conversations/${ada.id}/messages?wait=20`, { content: 'Here it is', attachments: [(await sent.json()).id] })
  await api(`/conversations/${ada.id}/notes`, { text: 'She likes zebrafinches' })
  const log = await (await request.get(`${parley.url}/api/v1/conversations/${ada.id}/messages`, { headers })).json()
  const answer = log.data.find((m: { role: string }) => m.role === 'assistant')
  await api(`/conversations/${ada.id}/messages/${answer.id}/example`, { question: 'What do zebrafinches eat?', answer: 'Seeds, like every zebrafinch.' })

  await signIn(page, parley.url)
  await test.step('all that there is of the person is taken away, with the files', async () => {
    await page.goto(`${parley.url}/conversations/${ada.id}`)
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Export this person’s data' }).click()
    await expect(page.getByText('JSON Lines with files, ZIP')).toBeVisible()
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()])
    expect(file.suggestedFilename()).toMatch(/^conversations-\d{8}-\d{6}\.zip$/)
    const path = await file.path()
    const names = execFileSync('unzip', ['-Z1', path], { encoding: 'utf8' }).trim().split('\n')
    expect(names).toHaveLength(2)
    expect(names[0]).toBe('conversations.jsonl')
    expect(names[1]).toMatch(/^files\/.*-zebrafinch\.txt$/)
    const line = JSON.parse(execFileSync('unzip', ['-p', path, 'conversations.jsonl'], { encoding: 'utf8' }))
    expect(line.notes[0].text).toBe('She likes zebrafinches')
    expect(line.messages.flatMap((m: { attachments?: { file: string }[] }) => m.attachments ?? []).map((a: { file: string }) => a.file)).toEqual([names[1]])
    expect(execFileSync('unzip', ['-p', path, names[1]!], { encoding: 'utf8' })).toBe('A file of a zebrafinch')
  })

  await page.goto(`${parley.url}/conversations/${ada.id}`)
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Erase this person' }).click()
  const dialog = page.getByRole('dialog', { name: 'Erase Ada Zebrafinch for good?' })
  await expect(dialog).toContainText('1 conversation')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()

  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Erase this person' }).click()
  await dialog.getByRole('button', { name: 'Erase for good' }).click()
  await expect(page.getByRole('heading', { name: 'Erased people' })).toBeVisible()
  await expect(page.getByText('Done', { exact: true })).toBeVisible()
  await expect(page.getByText(/^1 conversation, .*1 file \(.*, 1 example$/)).toBeVisible()
  const taught = await (await request.get(`${parley.url}/api/v1/assistants/${assistant.id}`, { headers })).json()
  expect(JSON.stringify(taught)).not.toContain('zebrafinch')
  await expectAccessible(page)
  expect((await request.get(`${parley.url}/api/v1/conversations/${ada.id}`, { headers })).status()).toBe(404)
  for (const q of ['zebrafinch', 'marmalade']) {
    const found = await request.get(`${parley.url}/api/v1/conversations?q=${q}`, { headers })
    expect((await found.json()).data.length, q).toBe(q === 'marmalade' ? 1 : 0)
  }

  const days = page.getByRole('textbox', { name: 'API: days' })
  await days.fill('4000')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('A whole number of days from 1 to 3,650, or nothing.')).toBeVisible()
  await days.fill('90')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('dialog')).toContainText('API after 90 days')
  await page.getByRole('button', { name: 'Keep no longer' }).click()
  await expect(page.getByText('Saved. Older conversations are erased from now on.')).toBeVisible()
  await page.reload()
  await expect(days).toHaveValue('90 days')
  await page.setViewportSize({ width: 390, height: 844 })
  await expectAccessible(page)
})
