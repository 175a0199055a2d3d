// A model that speaks Chat Completions over HTTP. It takes its time between
// words, and can be made to stop in the middle of a reply.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Model {
  url: string
  asked: number // how many replies were asked for; each names its number
  ending: string // of the next replies, in Markdown
  hold(): void // the next replies stop after their first half
  release(): void
  handOver(): void // the next reply asks for a person
  stop(): Promise<void>
}

const first = 'The beans are roasted on Tuesday, '

// startModel starts one that waits pace milliseconds before each word, and says
// what it used, if there is anything to say.
export async function startModel(pace = 0, usage?: object): Promise<Model> {
  let held: Promise<void> | null = null
  let release = () => {}
  let handOver = false
  const server = createServer((req, res) => {
    req.resume()
    req.on('end', () => void reply(res))
  })
  const model: Model = {
    url: '',
    asked: 0,
    ending: 'and they leave the house on **Wednesday**.',
    hold() {
      held = new Promise((resolve) => (release = resolve))
    },
    release() {
      held = null
      release()
    },
    handOver() {
      handOver = true
    },
    async stop() {
      model.release()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const reply = async (res: ServerResponse) => {
    model.asked++
    res.writeHead(200, { 'Content-Type': 'text/event-stream' })
    if (handOver) {
      handOver = false
      call(res, 'handoff', { reason: 'They asked for a person.' })
      return
    }
    await say(res, `Answer ${model.asked}: ${first}`, pace)
    await held
    await say(res, model.ending, pace)
    send(res, { delta: {}, finish_reason: 'stop' })
    if (usage) res.write(`data: ${JSON.stringify({ choices: [], usage })}\n\n`)
    res.end('data: [DONE]\n\n')
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  model.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return model
}

async function say(res: ServerResponse, text: string, pace: number) {
  for (const content of text.split(/(?<= )/)) {
    if (pace > 0) await new Promise((resolve) => setTimeout(resolve, pace))
    send(res, { delta: { content } })
  }
}

function call(res: ServerResponse, name: string, args: object) {
  const fn = { name, arguments: JSON.stringify(args) }
  send(res, { delta: { tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: fn }] } })
  send(res, { delta: {}, finish_reason: 'tool_calls' })
  res.end('data: [DONE]\n\n')
}

function send(res: ServerResponse, choice: object) {
  res.write(`data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`)
}
