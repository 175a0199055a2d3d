// Verifies a webhook: node verify.mjs ID TIMESTAMP SIGNATURE < body, with the
// secret in WEBHOOK_SECRET.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'

// verify says whether a request came from Parley within the last five minutes.
// id, timestamp and signature are the headers webhook-id, webhook-timestamp and
// webhook-signature; body is the request's as a Buffer, before it is parsed.
export function verify(secret, id, timestamp, signature, body) {
  if (!/^\d+$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body)
  const want = Buffer.from(`v1,${mac.digest('base64')}`)
  return signature.split(' ').some((one) => {
    const got = Buffer.from(one)
    return got.length === want.length && timingSafeEqual(got, want)
  })
}

const [id, timestamp, signature] = process.argv.slice(2)
const ok = verify(process.env.WEBHOOK_SECRET, id, timestamp, signature, readFileSync(0))
console.log(ok ? 'verified' : 'refused')
process.exit(ok ? 0 : 1)
