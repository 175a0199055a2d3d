// A model that speaks Chat Completions over HTTP and stops in the middle of a
// reply until it is told to go on, or takes its time between words.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Model {
  url: string
  asked: number // how many replies were asked for; each names its number
  hold(): void // the next replies stop after their first half
  release(): void
  stop(): Promise<void>
}

const first = 'The beans are roasted on Tuesday, '
const second = 'and they leave the house on **Wednesday**.'

// startModel starts one that waits pace milliseconds before each word.
export async function startModel(pace = 0): Promise<Model> {
  let held: Promise<void> | null = null
  let release = () => {}
  const server = createServer((req, res) => {
    req.resume()
    req.on('end', () => void reply(res))
  })
  const model: Model = {
    url: '',
    asked: 0,
    hold() {
      held = new Promise((resolve) => (release = resolve))
    },
    release() {
      held = null
      release()
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
    const say = async (text: string) => {
      for (const content of text.split(/(?<= )/)) {
        if (pace) await new Promise((resolve) => setTimeout(resolve, pace))
        res.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`)
      }
    }
    await say(`Answer ${model.asked}: ${first}`)
    await held
    await say(second)
    res.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`)
    res.end('data: [DONE]\n\n')
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  model.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return model
}
