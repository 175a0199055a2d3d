// Every page: with the demo's data, empty, and in an error state; light and
// dark; wide and as wide as a phone. axe finds nothing serious on any of them.
import { expect, type APIRequestContext, type Page } from '@playwright/test'
import { expectAccessible, expectAccessibleInBoth, posting, signIn } from './session.ts'
import { test, type Parley } from './server.ts'

// Pages that show what they have loaded.
const loading = [
  '/conversations',
  '/analytics',
  '/analytics/topics',
  '/analytics/topics?kind=unanswered&range=all',
  '/analytics/costs',
  '/exports',
  '/alerts',
  '/assistants',
  '/whatsapp',
  '/simulator',
  '/widgets',
  '/settings/models',
  '/settings/prices',
  '/settings/members',
  '/settings/api-keys',
  '/settings/tags',
  '/settings/replies',
  '/settings/webhooks',
  '/settings/imports',
  '/settings/privacy',
  '/settings/workspace',
]
const pages = [...loading, '/whatsapp/new', '/no-such-page']
const assistantTabs = ['', '/model', '/knowledge', '/examples', '/variables', '/tools', '/behaviour', '/versions', '/versions?a=1&b=2', '/chat']

const widgetTabs = ['', '/form', '/texts', '/behaviour', '/security', '/install']

const senderTabs = ['', '/templates', '/webhooks', '/settings']

// Pages of one thing, which say so when it cannot be loaded.
const things = ['/conversations/one', '/assistants/one', '/widgets/one', '/whatsapp/one']

// Pages for who is not signed in, when there is nothing for them to do.
const outside = ['/signin/link', '/signin#token=used', '/setup', '/join#token=used']

const widths = [
  { name: 'wide', viewport: { width: 1440, height: 900 } },
  { name: 'phone', viewport: { width: 390, height: 844 } },
] as const

async function settle(page: Page) {
  await expect(page.locator('h1, h2').filter({ visible: true }).first()).toBeVisible()
  await page.waitForLoadState('load')
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
  await page.waitForTimeout(300) // transitions of colours and drawers
}

async function visit(page: Page, parley: Parley, paths: string[]) {
  for (const path of paths) {
    await test.step(path, async () => {
      await follow(page, parley.url + path)
      await settle(page)
      if (isDashboard(page.url())) await expectNamedTab(page)
      await expectAccessibleInBoth(page)
    })
  }
}

// follow goes to a page as a link does: within the dashboard without loading
// it again, which takes seconds.
async function follow(page: Page, url: string) {
  if (!isDashboard(page.url()) || !isDashboard(url)) {
    await page.goto(url)
    return
  }
  if (page.url() === url) return
  await page.evaluate(async (url) => {
    const changed = new Promise<void>((resolve, reject) => {
      const observer = new MutationObserver(() => {
        observer.disconnect()
        resolve()
      })
      observer.observe(document.querySelector('main')!, { childList: true, subtree: true })
      setTimeout(() => reject(new Error(`${url} shows nothing else than the page before it`)), 30_000)
    })
    history.pushState(null, '', url)
    dispatchEvent(new PopStateEvent('popstate'))
    await changed
  }, url)
}

// expectNamedTab fails where the browser's tab says something else than the page,
// beside how many wait.
async function expectNamedTab(page: Page) {
  const [name] = (await page.title()).replace(/^\(\d+\) /, '').split(' · ')
  await expect(page.getByRole('heading', { name, exact: true }).first()).toBeVisible()
}

const isDashboard = (url: string) => !/^\/(signin|setup|join|demo|docs|c\/)/.test(new URL(url).pathname)

async function demoPaths(page: Page, demo: Parley) {
  const get = async (path: string) => (await (await page.request.get(`${demo.url}/api/v1${path}`)).json()).data
  const [assistant] = await get('/assistants')
  const [conversation] = await get('/conversations?status=ended&limit=1')
  const [sender] = await get('/whatsapp/senders')
  const [widget] = await get('/widgets')
  return [
    ...pages,
    ...assistantTabs.map((tab) => `/assistants/${assistant.id}${tab}`),
    ...widgetTabs.map((tab) => `/widgets/${widget.id}${tab}`),
    '/demo',
    `/c/${widget.id}`,
    ...senderTabs.map((tab) => `/whatsapp/${sender.id}${tab}`),
    `/conversations/${conversation.id}`,
  ]
}

// invitation is the path of an open invitation.
async function invitation(request: APIRequestContext, { url }: Parley) {
  const invite = await posting(request, url)('/invites', { role: 'viewer' })
  return invite.url.slice(new URL(invite.url).origin.length) as string
}

// beforeSetup looks at the set-up, which a server offers that has no member yet.
async function beforeSetup(page: Page, parley: Parley) {
  await page.route('**/api/v1/auth/state', (route) => route.fulfill({ json: { needs_setup: true, signed_in: false } }))
  await visit(page, parley, ['/setup', '/setup#token=first'])
  await page.unroute('**/api/v1/auth/state')
}

for (const { name, viewport } of widths) {
  test.describe(name, () => {
    test.use({ colorScheme: 'light', viewport })

    test('with the demo', async ({ page, demo }) => {
      test.setTimeout(600_000)
      await signIn(page, demo.url)
      await visit(page, demo, await demoPaths(page, demo))
      await page.goto(`${demo.url}/docs`)
      await settle(page)
      await expectAccessible(page)
    })

    test('empty', async ({ page, empty }) => {
      test.setTimeout(300_000)
      await visit(page, empty, ['/signin', ...outside, await invitation(page.request, empty)])
      await beforeSetup(page, empty)
      await signIn(page, empty.url)
      await visit(page, empty, ['/analytics', '/analytics/topics', '/analytics/costs', '/exports', '/alerts', '/assistants', '/widgets', '/whatsapp', '/simulator', '/settings/models', '/settings/prices', '/settings/api-keys', '/settings/tags', '/settings/replies', '/settings/webhooks', '/settings/imports', '/settings/privacy'])
    })

    test('when the server fails', async ({ page, demo }) => {
      test.setTimeout(300_000)
      await signIn(page, demo.url)
      const failure = { status: 503, contentType: 'application/problem+json', json: {
        type: 'about:blank', title: 'Service Unavailable', status: 503, code: 'unavailable',
        detail: 'The database does not answer.',
      } }
      await page.route(/\/api\/v1\/(?!me$|auth)/, (route) => route.fulfill(failure))
      // The dashboard tries again by itself before it says so; its waits pass at once.
      await page.clock.install()
      await page.reload()
      for (const path of [...loading, ...things]) {
        await follow(page, demo.url + path)
        const again = page.getByRole('button', { name: 'Try again' }).first()
        await expect(async () => {
          await page.clock.runFor(1_000)
          await expect(again, path).toBeVisible({ timeout: 100 })
        }).toPass({ timeout: 60_000 })
        await expectAccessibleInBoth(page)
      }
    })
  })
}
