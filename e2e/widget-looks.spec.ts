// The widget for whoever sees, moves or hears it in another way.
import { expect } from '@playwright/test'
import { expectAccessible } from './session.ts'
import { box, count, held, launcher, log, looks, open, panel, say, whole } from './visitor.ts'

held('by keyboard alone', async ({ page, world }) => {
  await page.goto(`${world.site.url}/plain`)
  await expect(launcher(page)).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(launcher(page)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(box(page)).toBeFocused()
  await page.keyboard.type('Hello')
  await page.keyboard.press('Enter')
  await expect(count(page, whole)).toHaveCount(1)
  const order = ['More', 'Close chat', 'Conversation', 'Attach a file', 'Write a message…', 'Send']
  await panel(page).getByRole('button', { name: 'More' }).focus()
  for (const name of order) {
    await expect(page.locator('parley-widget :focus')).toHaveAccessibleName(name)
    await page.keyboard.press('Tab')
  }
  await panel(page).getByRole('button', { name: 'More' }).focus()
  await page.keyboard.press('Enter')
  await expect(panel(page).getByRole('button', { name: 'Turn sound on' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(panel(page).getByRole('button', { name: 'More' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(panel(page)).toBeHidden()
  await expect(launcher(page)).toBeFocused()
})

held('a screen reader is told an answer once, when it is whole', async ({ page, world }) => {
  await open(page, `${world.site.url}/plain`)
  await panel(page).evaluate((dialog) => {
    const told: string[] = []
    Object.assign(window, { told })
    const region = dialog.querySelector(':scope > .sr')!
    new MutationObserver(() => region.textContent && told.push(region.textContent.trim())).observe(region, {
      subtree: true, childList: true, characterData: true,
    })
  })
  world.model.hold()
  await say(page, 'Hello')
  await expect(log(page).locator('[aria-busy=true]')).toBeVisible()
  world.model.release()
  await expect(count(page, whole)).toHaveCount(1)
  const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told)
  await expect.poll(told).toEqual(['Answer 1: The beans are roasted on Tuesday, and they leave the house on Wednesday.'])
  await expect(log(page)).toHaveAttribute('aria-live', 'off')
})

for (const [name, viewport] of Object.entries({ '200 %': { width: 640, height: 400 }, '400 %': { width: 320, height: 256 } })) {
  held.describe(`zoomed to ${name}`, () => {
    held.use({ viewport, deviceScaleFactor: 2 })

    held('all of it can be read and reached', async ({ page, world }) => {
      await open(page, `${world.site.url}/plain`)
      await say(page, `A ${'long '.repeat(40)}word: ${'x'.repeat(200)}`)
      await expect(count(page, whole)).toHaveCount(1)
      for (const part of [box(page), panel(page).getByRole('button', { name: 'Send' }), panel(page).getByRole('button', { name: 'Close chat' })]) {
        await expect(part).toBeInViewport({ ratio: 1 })
      }
      await expect(log(page)).toBeInViewport({ ratio: 0.2 })
      const wide = await panel(page).evaluate((dialog) =>
        [dialog, ...Array.from(dialog.querySelectorAll('*'))].filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible' && !e.matches('.sr, .sr *')).map((e) => e.outerHTML.slice(0, 80)),
      )
      expect(wide, 'something scrolls sideways').toEqual([])
      await expectAccessible(page)
    })
  })
}

held('in forced colours its parts have edges', async ({ page, world }) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await page.goto(`${world.site.url}/plain`)
  await expect(launcher(page)).toBeVisible()
  const edge = (e: Element) => {
    const { borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(e)
    return parseFloat(borderTopWidth) >= 1 && borderTopColor !== backgroundColor
  }
  expect(await launcher(page).evaluate(edge), 'the launcher').toBe(true)
  await launcher(page).click()
  await say(page, 'Hello')
  await expect(count(page, whole)).toHaveCount(1)
  for (const part of [panel(page), box(page), panel(page).locator('button.send'), panel(page).locator('.bubble').first()]) {
    expect(await part.evaluate(edge), String(part)).toBe(true)
  }
  for (const icon of await panel(page).locator('.icon').all()) {
    const [stroke, behind] = await icon.evaluate((e) => [getComputedStyle(e).stroke, getComputedStyle(e.closest('.panel')!).backgroundColor])
    expect(stroke).not.toBe(behind)
  }
  await expectAccessible(page)
})

for (const [reducedMotion, moves] of [['no-preference', true], ['reduce', false]] as const) {
  held(`motion: ${reducedMotion}`, async ({ page, world }) => {
    await page.emulateMedia({ reducedMotion })
    await page.route('**/config*', () => {}) // so that it is seen waiting
    await page.goto(`${world.site.url}/plain`)
    await launcher(page).click()
    await expect(panel(page).getByRole('progressbar')).toBeVisible()
    const moving = () =>
      page.locator('parley-widget').evaluate((e) => e.shadowRoot!.getAnimations().filter((a) => a.playState === 'running').length)
    expect((await moving()) > 0).toBe(moves)
  })
}

for (const look of looks) {
  held.describe(look.name, () => {
    held.use({ ...look.use, locale: 'ar' })

    held('from right to left it is mirrored', async ({ page, world }) => {
      await page.goto(`${world.site.url}/rtl`)
      await page.locator('parley-widget').getByRole('button').first().click()
      const input = panel(page).getByRole('textbox')
      await expect(input).toHaveAttribute('placeholder', /[\u0600-\u06ff]/)
      await input.fill('مرحبا')
      await input.press('Enter')
      await expect(count(page, whole)).toHaveCount(1)
      const middle = async (name: string) => {
        const { x, width } = (await panel(page).locator(name).first().boundingBox())!
        return x + width / 2
      }
      expect(await middle('.row.user .bubble')).toBeLessThan(await middle('.row.assistant .bubble'))
      expect(await middle('button.send')).toBeLessThan(await middle('.line textarea'))
      expect(await middle('.header > .bare')).toBeLessThan(await middle('.names'))
      await expectAccessible(page)
    })
  })
}
