// Starts the built program for a test file and ends it afterwards.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from '@playwright/test'

export const owner = { email: 'owner@example.com', password: 'correct horse battery staple' }
export const apiKey = 'pk_e2e_0123456789abcdefghijklmnopqrstuvwxyz'

export interface Parley {
  url: string
  signInLink: string // '' unless the server runs the demo
  stop(): Promise<void>
  kill(): Promise<void> // as a power cut would
  again(): Promise<void> // at the same address, with the same data
}

// start runs `parley serve` on a free port with a data folder of its own.
export async function start(...args: string[]): Promise<Parley> {
  const data = await mkdtemp(join(tmpdir(), 'parley-e2e-'))
  const demo = args.includes('--demo')
  let child = run('127.0.0.1:0', data, args)
  const { url, signInLink } = await addresses(child, demo)
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await gone
  }
  return {
    url,
    signInLink,
    kill: () => end('SIGKILL'),
    async again() {
      child = run(new URL(url).host, data, args)
      await addresses(child, false)
    },
    async stop() {
      await end('SIGTERM')
      await rm(data, { recursive: true, force: true })
    },
  }
}

function run(listen: string, data: string, args: string[]): ChildProcess {
  return spawn('../bin/parley', ['serve', '--listen', listen, '--data', data, ...args], {
    env: {
      ...process.env,
      PARLEY_ADMIN_EMAIL: owner.email,
      PARLEY_ADMIN_PASSWORD: owner.password,
      PARLEY_ADMIN_API_KEY: apiKey,
    },
  })
}

// addresses reads what the server prints until it has named its address, and
// for the demo the link that signs in.
function addresses(child: ChildProcess, demo: boolean): Promise<{ url: string; signInLink: string }> {
  return new Promise((resolve, reject) => {
    let out = ''
    const read = (chunk: Buffer) => {
      out += chunk.toString()
      const link = /http:\/\/127\.0\.0\.1:\d+\/\S*(?:token|link)\S*/.exec(out)?.[0] ?? ''
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0]
      if (url && (link || !demo)) resolve({ url, signInLink: link })
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => reject(new Error(`parley ended with ${code}:\n${out}`)))
    setTimeout(() => reject(new Error(`parley did not print its address:\n${out}`)), 120_000)
  })
}

// test gives each worker a server of its own, and a test that changes much a fresh
// one, started with flags.
export const test = base.extend<{ fresh: Parley; flags: string[] }, { demo: Parley; empty: Parley }>({
  flags: [[], { option: true }],
  fresh: async ({ flags }, use) => {
    const parley = await start(...flags)
    await use(parley)
    await parley.stop()
  },
  demo: [
    async ({}, use) => {
      const parley = await start('--demo')
      await use(parley)
      await parley.stop()
    },
    { scope: 'worker' },
  ],
  empty: [
    async ({}, use) => {
      const parley = await start()
      await use(parley)
      await parley.stop()
    },
    { scope: 'worker' },
  ],
})
