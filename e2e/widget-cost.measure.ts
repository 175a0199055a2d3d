// What the widget costs a page before it is opened.
import { expect, type Browser } from '@playwright/test'
import { held } from './visitor.ts'

held.use({ trace: 'off', screenshot: 'off' }) // they work in the page as well

// How long the main thread is busy with a page, in milliseconds of its own time,
// which other programs do not lengthen much; the least of some loads.
async function busy(browser: Browser, url: string) {
  let least = Infinity
  for (let n = 0; n < 8; n++) {
    const page = await browser.newPage()
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
    await page.goto(url)
    await page.waitForTimeout(700)
    const { metrics } = await cdp.send('Performance.getMetrics')
    least = Math.min(least, 1000 * metrics.find((m) => m.name === 'TaskDuration')!.value)
    await page.close()
  }
  return least
}

held('a closed widget takes less than 50 ms of a slow main thread', async ({ browser, world }) => {
  const without = await busy(browser, `${world.site.url}/bare`)
  const slowed = 4 * ((await busy(browser, `${world.site.url}/with`)) - without)
  console.log(`the closed widget takes ${slowed.toFixed(0)} ms of the main thread of a device with a quarter of this speed`)
  expect(slowed).toBeLessThan(50)
})
