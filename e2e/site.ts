// Websites that carry the widget, served from an origin of their own.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Site {
  url: string
  stop(): Promise<void>
}

const early = `window.parley ||= (...call) => (window.parley.q ||= []).push(call)
parley('setVariables', { name: 'Ada Early', plan: 'pro' })
window.seen = []
for (const event of ['open', 'close', 'started', 'message', 'ended']) parley('on', event, (detail) => seen.push([event, detail]))
parley('open')`

// A single-page application: its help page has the chat, its checkout has not.
const app = `<nav><button>Help</button> <button>Checkout</button></nav><script>
for (const button of document.querySelectorAll('nav button')) button.onclick = () => {
  history.pushState({}, '', '/' + button.textContent.toLowerCase())
  document.querySelector('h1').textContent = button.textContent
  parley(button.textContent === 'Help' ? 'mount' : 'unmount')
}</script>`

// What any page does by itself, so that the first script of a page is not the widget's.
const own = `<script>document.documentElement.dataset.page = 'shop'</script>`

// startSite serves /plain, /bare and /with (the same with the widget), /hostile,
// /strict, /rtl, /early and /app, and a picture at /lamp.svg.
export async function startSite(parley: string, widget: string): Promise<Site> {
  const tag = `<script type="module" async src="${parley}/widget.js?id=${widget}"></script>`
  const page = (head: string, rest = '', html = 'lang="en"') =>
    `<!doctype html><html ${html}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
    `<title>A shop</title>${head}</head><body><main><h1>A shop</h1><p>Words of the page.</p>${rest}</main></body></html>`
  const pages: Record<string, string> = {
    '/plain': page(tag),
    '/bare': page(own),
    '/with': page(own + tag),
    '/hostile': page(
      `<style>* { all: unset !important } div, button, form, main, textarea, parley-widget { display: none !important; font-size: 60px !important; color: red !important }
      h1 { display: block !important; font-size: 40px !important }</style>${tag}`,
    ),
    '/strict': page(tag),
    '/rtl': page(tag, '', 'lang="ar" dir="rtl"'),
    '/app': page(tag, app),
    '/early': page(`<script>${early}</script>${tag}`),
  }
  const server = createServer((req, res) => {
    const path = (req.url ?? '').split('?')[0]!
    if (path === '/lamp.svg') {
      res.setHeader('Content-Type', 'image/svg+xml')
      return void res.end('<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><rect width="100%" height="100%" fill="teal"/></svg>')
    }
    const body = pages[path]
    if (!body) return void res.writeHead(404).end()
    res.setHeader('Content-Type', 'text/html; charset=utf-8')
    if (path === '/strict') {
      // What docs/widget.md says a page needs, and no more.
      const policy = `default-src 'none'; script-src ${parley}; connect-src ${parley}; img-src data: blob:`
      res.setHeader('Content-Security-Policy', policy)
    }
    res.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
