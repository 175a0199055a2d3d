import { held, launcher } from './visitor.ts'
held('cost', async ({ browser, world }) => {
  for (const domain of ['threadTicks', 'timeTicks'] as const) for (const rate of [1, 4]) for (const path of ['bare', 'plain', 'bare', 'plain', 'bare', 'plain']) {
    const page = await browser.newPage()
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Performance.enable', { timeDomain: domain })
    await cdp.send('Emulation.setCPUThrottlingRate', { rate })
    await page.goto(`${world.site.url}/${path}`)
    await page.waitForTimeout(1000)
    const { metrics } = await cdp.send('Performance.getMetrics')
    const m = Object.fromEntries(metrics.map((x) => [x.name, Math.round(x.value * 10000) / 10]))
    console.log(domain, rate, path, 'task', m.TaskDuration, 'script', m.ScriptDuration, 'layout', m.LayoutDuration, 'style', m.RecalcStyleDuration, 'compile', m.V8CompileDuration, 'other', m.TaskOtherDuration, 'thread', m.ThreadTime)
    await page.close()
  }
})
