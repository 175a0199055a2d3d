// The desk: two people work with the same conversations at the same time.
import { expect, type Browser, type Page } from '@playwright/test'
import { box, count, held, open, say, whole, type World } from './visitor.ts'
import { expectAccessible, signIn } from './session.ts'

const operator = { name: 'Olga Operator', email: 'olga@example.com', password: 'another battery staple' }

// colleague is a second person at the desk, in a browser of their own.
async function colleague(browser: Browser, world: World): Promise<Page> {
  const { url } = await world.api('POST', '/invites', { email: operator.email, role: 'operator' })
  const page = await (await browser.newContext()).newPage()
  await page.goto(url)
  await page.getByLabel('Your name').fill(operator.name)
  await page.getByLabel('Password', { exact: true }).fill(operator.password)
  await page.getByRole('button', { name: /Join/ }).click()
  await expect(page.getByRole('heading', { name: 'Conversations', level: 1 })).toBeVisible()
  return page
}

const composer = (page: Page) => page.getByRole('textbox', { name: 'Your message' })

held('a person is asked for, one of two takes it', async ({ page, browser, world }) => {
  const { model, site } = world
  await signIn(page, world.parley.url)
  const other = await colleague(browser, world)
  const visitor = await (await browser.newContext()).newPage()

  await held.step('both are told', async () => {
    model.handOver()
    await open(visitor, `${site.url}/plain`)
    await say(visitor, 'Can I talk to somebody?')
    for (const desk of [page, other]) {
      await expect(desk).toHaveTitle(/^\(1\) /)
      const waiting = desk.getByRole('navigation').getByRole('link', { name: /^Waiting/ })
      await expect(waiting).toHaveAccessibleName(/1 conversation waits for a person/)
      await waiting.click()
      await expect(desk.locator('[data-row]')).toHaveCount(1)
      await desk.locator('[data-row]').click()
      await expect(desk.getByText('This contact asked for a person.')).toBeVisible()
    }
    await expectAccessible(page)
  })

  await held.step('one takes it, the other sees who has it and cannot write', async () => {
    await page.getByRole('button', { name: 'Take over' }).click()
    await expect(composer(page)).toBeVisible()
    await expect(other.getByText(/ holds this conversation\./)).toBeVisible()
    await expect(composer(other)).toBeHidden()
    for (const desk of [page, other]) await expect(desk).not.toHaveTitle(/^\(/)
    await expectAccessible(other)
  })

  await held.step('the assistant stays silent', async () => {
    const asked = model.asked
    const answers = await count(visitor, whole).count()
    await composer(page).fill('I am here.')
    await composer(page).press('Enter')
    await expect(count(visitor, 'I am here.')).toHaveCount(1)
    await say(visitor, 'Good, where is my parcel?')
    await expect(page.getByText('Good, where is my parcel?').first()).toBeVisible()
    await expect(box(visitor)).toBeVisible()
    expect(model.asked).toBe(asked)
    await expect(count(visitor, whole)).toHaveCount(answers)
  })
  await visitor.context().close()
  await other.context().close()
})
