// Webhooks, from the settings to a receiver of one's own and back to the log.
import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from '@playwright/test'
import { test } from './server.ts'
import { expectAccessible, posting, signIn } from './session.ts'

// receive answers 500 while it is broken, and keeps what comes.
async function receive() {
  const got: { headers: IncomingHttpHeaders; body: string }[] = []
  const receiver = { broken: false, got, url: '', stop: () => {} }
  const server = createServer(async (req, res) => {
    let body = ''
    for await (const chunk of req) body += chunk
    got.push({ headers: req.headers, body })
    res.writeHead(receiver.broken ? 500 : 204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`
  receiver.stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return receiver
}

test.use({ flags: ['--allow-net', '127.0.0.0/8'] })

test('a webhook is added, tested, fails, and is sent again', async ({ page, request, fresh: parley }) => {
  const receiver = await receive()
  await signIn(page, parley.url)
  await page.goto(`${parley.url}/settings/webhooks`)
  await expect(page.getByRole('heading', { name: 'Nobody is told yet' })).toBeVisible()

  await page.getByRole('button', { name: 'Add a webhook' }).click()
  await page.getByLabel('Address').fill('shop.example')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText('An address that starts with http:// or https://.')).toBeVisible()
  await page.getByLabel('Address').fill(receiver.url)
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Signing secret' })).toBeVisible()
  const secret = await page.getByRole('textbox', { name: 'Signing secret' }).inputValue()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'I have copied it' }).click()

  await page.getByRole('button', { name: `Send a test to ${receiver.url}` }).click()
  await expect(page.getByText(/The test arrived after/)).toBeVisible()
  const [{ headers, body }] = receiver.got
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const mac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(signed).digest('base64')
  expect(headers['webhook-signature']).toBe(`v1,${mac}`)

  receiver.broken = true
  const api = posting(request, parley.url)
  const assistant = await api('/assistants', {
    name: 'Mira', prompt: 'Answer.', status: 'active', speaks_first: false, inactivity_minutes: 30, reply_delay_seconds: 0,
    after_end: 'new', model: { provider_id: 'builtin', model: 'builtin' },
  })
  const conversation = await api('/conversations', { assistant_id: assistant.id, source: 'api' })
  await api(`/conversations/${conversation.id}/messages`, { content: 'Hello' })
  await page.getByRole('button', { name: `Log of ${receiver.url}` }).click()
  const log = page.getByRole('dialog')
  await log.getByText('conversation.started').first().click()
  await expect(log.getByText('The receiver answered 500 Internal Server Error.').first()).toBeVisible()
  await expectAccessible(page)

  receiver.broken = false
  await log.getByRole('button', { name: 'Try now' }).first().click()
  await expect(log.getByText('Arrived').nth(1)).toBeVisible() // the first is a filter
  const types = () => receiver.got.map((r) => JSON.parse(r.body).type as string)
  await expect.poll(types).toContain('message.received')
  const started = receiver.got.filter((r) => JSON.parse(r.body).type === 'conversation.started')
  expect(new Set(started.map((r) => r.headers['webhook-id'])).size).toBe(1)
  await expectAccessible(page)
  receiver.stop()
})
