// Moving in: a file of Chatwoot becomes conversations, with a report of what could
// not be taken; the same file again adds nothing.
import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { apiKey, test } from './server.ts'
import { expectAccessible, signIn } from './session.ts'

const sample = readFileSync(new URL('../internal/foreign/testdata/chatwoot.jsonl', import.meta.url))
const bad = '{"id":999,"content":"x","inbox_id":3,"conversation_id":77,"message_type":9,"created_at":1730500000}\n'
const file = (content: Buffer | string) => ({ name: 'chatwoot-export.jsonl', mimeType: 'application/json', buffer: Buffer.from(content) })

test('conversations of Chatwoot move in, once', async ({ page, request, empty: parley }) => {
  const headers = { Authorization: `Bearer ${apiKey}` }
  await signIn(page, parley.url)
  await page.goto(`${parley.url}/settings/imports`)
  await expect(page.getByRole('heading', { name: 'Nothing was imported yet' })).toBeVisible()
  await expectAccessible(page)

  const chooser = page.getByLabel('File to import')
  await chooser.setInputFiles(file(Buffer.concat([sample, Buffer.from(bad)])))
  await expect(page.getByText('2 conversations taken with 6 messages · 1 not taken')).toBeVisible()
  await expect(page.getByText('Chatwoot ·')).toBeVisible()
  await page.getByRole('button', { name: 'Show the problem' }).click()
  await expect(page.getByRole('cell', { name: 'A message is of a type that is not known.' })).toBeVisible()
  await expectAccessible(page)

  await chooser.setInputFiles(file(sample))
  await expect(page.getByText('2 already here', { exact: true })).toBeVisible()
  await chooser.setInputFiles(file('{"cut off'))
  await expect(page.getByText('Failed', { exact: true })).toBeVisible()
  await page.setViewportSize({ width: 390, height: 844 })
  await expectAccessible(page)
  await page.setViewportSize({ width: 1280, height: 800 })

  const rows = (await (await request.get(`${parley.url}/api/v1/conversations`, { headers })).json()).data
  expect(rows.map((r: { source: string; status: string }) => `${r.source} ${r.status}`)).toEqual(['whatsapp ended', 'widget ended'])
  await page.getByRole('link', { name: 'Show the conversations' }).click()
  await page.getByText('Ana Ruiz').first().click()
  await expect(page.getByText('Imported from Chatwoot, where it was conversation 41.')).toBeVisible()
  await expect(page.getByText('My invoice is wrong').last()).toBeVisible()
  await expect(page.getByText('Max', { exact: true })).toBeVisible()
  await expect(page.getByText('VIP').first()).toBeVisible()

  // A long one is stopped: what was taken stays.
  const long = Array.from({ length: 6000 }, (_, i) => JSON.stringify({ id: `m${i}`, conversation_id: `c${i}`, query: `Question ${i}`, answer: `Answer ${i}`, created_at: 1730503863 + i }))
  await page.goto(`${parley.url}/settings/imports`)
  await chooser.setInputFiles({ name: 'long.jsonl', mimeType: 'application/json', buffer: Buffer.from(long.join('\n')) })
  await expect(page.getByText(/^[1-9][\d,]* of 6,000 conversations$/)).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Stop the import of long.jsonl' }).click()
  await expect(page.getByText('Stopped', { exact: true })).toBeVisible()
  await expect(page.getByText(/^Stopped after [1-9][\d,]* of 6,000 conversations · [1-9][\d,]* conversations taken with [1-9][\d,]* messages$/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Stop the import of long.jsonl' })).toHaveCount(0)
  const imports = (await (await request.get(`${parley.url}/api/v1/imports?limit=1`, { headers })).json()).data
  const there = await (await request.get(`${parley.url}/api/v1/conversations/tiles`, { headers })).json()
  expect([imports[0].state, imports[0].taken]).toEqual(['canceled', there.conversations - 2])

  await page.goto(`${parley.url}/alerts`)
  await expect(page.getByRole('heading', { name: 'All is well' })).toBeVisible()
  await expectAccessible(page)
})
