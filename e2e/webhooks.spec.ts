// Webhooks out: adds one, tells a receiver of this test, reads the log, and sends
// again.
import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from '@playwright/test'
import { expectAccessible, expectReadable, signIn } from './session.ts'
import { apiKey, start, test } from './server.ts'

interface Posted {
  headers: IncomingHttpHeaders
  body: string
}

// receive starts a receiver that answers with a status.
async function receive() {
  const got: Posted[] = []
  const receiver = { url: '', got, status: 200, stop: () => new Promise((resolve) => server.close(resolve)) }
  const server = createServer((req, res) => {
    let body = ''
    req.setEncoding('utf8')
    req.on('data', (chunk) => (body += chunk))
    req.on('end', () => {
      got.push({ headers: req.headers, body })
      res.writeHead(receiver.status, { 'Content-Type': 'text/plain' }).end(receiver.status === 200 ? 'thank you' : 'out of order')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`
  return receiver
}

const signature = (secret: string, { headers, body }: Posted) => {
  const mac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
  return `v1,${mac.update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64')}`
}

test('a webhook from its first test to its end', async ({ page, request }) => {
  test.setTimeout(120_000)
  const receiver = await receive()
  const parley = await start('--demo', '--allow-net', '127.0.0.0/8')
  try {
    await signIn(page, parley.url)
    await page.goto(`${parley.url}/settings/webhooks`)
    await page.getByRole('button', { name: 'Add a webhook' }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(form.getByText('An address that starts with')).toBeVisible()
    await form.getByLabel('Address').fill(receiver.url)
    await form.getByLabel('Description').fill('Our shop')
    await expectAccessible(page)
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    const secret = await page.getByLabel('Signing secret').last().inputValue()
    expect(secret).toMatch(/^whsec_.{40,}/)
    await expectAccessible(page)
    await page.getByRole('button', { name: 'I have copied it' }).click()

    const endpoint = page.getByRole('region', { name: receiver.url, exact: true })
    await endpoint.getByRole('button', { name: 'Send a test' }).click()
    await expect(endpoint.getByText('The test arrived after')).toBeVisible()
    expect(receiver.got[0].headers['webhook-signature']).toBe(signature(secret, receiver.got[0]))
    receiver.status = 500
    await endpoint.getByRole('button', { name: 'Send a test' }).click()
    await expect(endpoint.getByText('The receiver answered 500')).toBeVisible()
    await expectAccessible(page)
    receiver.status = 200

    const headers = { Authorization: `Bearer ${apiKey}` }
    const link = await request.get(`${parley.url}/api/v1/assistants?status=active`, { headers })
    const [assistant] = (await link.json()).data
    const opened = await request.post(`${parley.url}/api/v1/conversations`, { headers, data: { assistant_id: assistant.id, source: 'api' } })
    const conversation = await opened.json()
    await request.post(`${parley.url}/api/v1/conversations/${conversation.id}/messages?wait=20`, { headers, data: { content: 'Hello there' } })
    await request.post(`${parley.url}/api/v1/conversations/${conversation.id}/end`, { headers })
    const told = () => receiver.got.map((p) => JSON.parse(p.body)).filter((e) => e.data.conversation?.id === conversation.id)
    await expect(() => expect(told().at(-1)?.type).toBe('conversation.ended')).toPass({ timeout: 30_000 })
    expect(told()[0].type).toBe('conversation.started')
    expect(told().map((e) => e.type)).toContain('message.received')
    expect(told().map((e) => e.type)).toContain('message.sent')

    await endpoint.getByRole('button', { name: 'Log' }).click()
    const log = page.getByRole('dialog')
    await log.getByRole('button', { name: /conversation\.ended/ }).click()
    await expect(log.getByText('webhook-signature: v1,')).toBeVisible()
    await expect(log.getByText('thank you')).toBeVisible()
    await expectAccessible(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.waitForTimeout(300) // transitions of colours
    await expectReadable(page)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width: 390, height: 844 })
    await expectAccessible(page)
    await page.setViewportSize({ width: 1440, height: 900 })
    const before = receiver.got.length
    await log.getByRole('button', { name: 'Send again' }).click()
    await expect(page.getByText('It has arrived')).toBeVisible()
    expect(receiver.got).toHaveLength(before + 1)
    expect(JSON.parse(receiver.got[before].body).id).toBe(told().find((e) => e.type === 'conversation.ended').id)
    await log.getByText('Given up', { exact: true }).first().click()
    await expect(log.getByText('webhook.test')).toBeVisible()
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: `More for ${receiver.url}` }).click()
    await page.getByRole('menuitem', { name: 'New secret' }).click()
    await page.getByRole('button', { name: 'New secret' }).click()
    expect(await page.getByLabel('Signing secret').last().inputValue()).not.toBe(secret)
    await page.getByRole('button', { name: 'I have copied it' }).click()
    await expect(endpoint.getByText('still signs too')).toBeVisible()
    await page.getByRole('button', { name: `Edit ${receiver.url}` }).click()
    await page.getByRole('dialog').getByRole('switch').press('Space')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(endpoint.getByText('Off', { exact: true })).toBeVisible()
    await page.getByRole('button', { name: `More for ${receiver.url}` }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await expect(page.getByText('Nobody is told yet')).toBeVisible()
  } finally {
    await parley.stop()
    await receiver.stop()
  }
})
