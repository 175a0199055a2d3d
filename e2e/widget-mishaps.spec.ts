// What goes wrong between a visitor and the server, and must not stop the chat.
import { expect } from '@playwright/test'
import { box, count, held, launcher, open, panel, say, whole, type World } from './visitor.ts'

const change = async ({ api }: World, settings: (was: any) => object) => {
  const [w] = (await api('GET', '/widgets')).data
  await api('PUT', `/widgets/${w.id}`, { name: w.name, assistant_id: w.assistant.id, settings: { ...w.settings, ...settings(w.settings) } })
  return w.id as string
}

held('a message is sent when the browser has no room to keep it', async ({ page, world }) => {
  await open(page, `${world.site.url}/plain`)
  await page.evaluate(() => {
    for (let size = 1 << 20, n = 0; size > 0; n++) {
      try {
        localStorage.setItem(`full-${n}`, 'x'.repeat(size))
      } catch {
        size >>= 1
      }
    }
  })
  await say(page, 'Is there room?')
  await expect(count(page, whole)).toHaveCount(1)
})
