// A model that speaks Chat Completions over HTTP and takes its time between
// words.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Model {
  url: string
  stop(): Promise<void>
}

const answer = 'The beans are roasted on Tuesday, and they leave the house on **Wednesday**.'

// startModel starts one that waits pace milliseconds before each word.
export async function startModel(pace: number): Promise<Model> {
  const server = createServer((req, res) => {
    req.resume()
    req.on('end', () => void reply(res, pace))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function reply(res: ServerResponse, pace: number) {
  res.writeHead(200, { 'Content-Type': 'text/event-stream' })
  const send = (choice: object) => res.write(`data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`)
  for (const content of answer.split(/(?<= )/)) {
    await new Promise((resolve) => setTimeout(resolve, pace))
    send({ delta: { content } })
  }
  send({ delta: {}, finish_reason: 'stop' })
  res.end('data: [DONE]\n\n')
}
