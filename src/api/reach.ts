import { randomBytes, timingSafeEqual } from "node:crypto"
import { networkInterfaces } from "node:os"
import type { FastifyInstance } from "fastify"
import type { ReachAnswer, ReachView } from "./contract/settings.ts"
import { require } from "./who.ts"
import type { Config, World } from "./world.ts"

const patienceMs = 5_000
const answerMax = 4_096

/** Whether this server answers to the machine's other addresses too, not to itself alone. */
export const isOpen = ({ host }: Pick<Config, "host">): boolean =>
  !["127.0.0.1", "localhost", "::1"].includes(host)

/** The machine's own addresses in its network, as pages are opened from them; none while only the machine itself is served. */
export function lanUrls(config: Pick<Config, "host" | "port">): string[] {
  if (!isOpen(config)) return []
  const all = Object.values(networkInterfaces()).flat()
  return all
    .filter((each) => each?.family === "IPv4" && !each.internal)
    .map((each) => `http://${each!.address}:${config.port}`)
}

/** What only this company's servers can say to a word: they share the key. */
export const echoOf = (world: World, word: string): string =>
  world.secrets.digest(`reach ${word}`).toString("base64url")

/**
 * Asks for /healthz by the public address, as a customer's phone would, with a word that only this company's servers can answer.
 * Bounded in time and length; a redirection is not followed, since it may lead anywhere.
 */
export async function reachSelf(world: World, publicUrl = world.config.publicUrl): Promise<ReachAnswer> {
  if (publicUrl === null) return { answer: "unset", tookMs: 0 }
  const word = randomBytes(16).toString("base64url")
  const asked = performance.now()
  const tookMs = () => Math.round(performance.now() - asked)
  try {
    const response = await fetch(`${publicUrl}/healthz?word=${word}`, {
      redirect: "manual",
      headers: { accept: "application/json" },
      signal: AbortSignal.timeout(patienceMs),
    })
    const told = Buffer.from((await beginningOf(response)).echo ?? "")
    const echo = Buffer.from(echoOf(world, word))
    const isSelf = told.length === echo.length && timingSafeEqual(told, echo)
    return { answer: isSelf ? "self" : "other", tookMs: tookMs() }
  } catch {
    return { answer: "none", tookMs: tookMs() }
  }
}

/** The answer's JSON, of which at most a few KB are read. */
async function beginningOf(response: Response): Promise<{ echo?: string }> {
  let text = ""
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (text.length > answerMax) break
  }
  try {
    return JSON.parse(text) as { echo?: string }
  } catch {
    return {}
  }
}

/** "Can my address be reached?" */
export default async function reach(app: FastifyInstance, world: World): Promise<void> {
  const tags = ["settings"]
  app.get(
    "/api/v1/reach",
    { schema: { tags, summary: "The addresses of this server" } },
    async (request): Promise<ReachView> => {
      await require(world, request, "read", "settings")
      return { publicUrl: world.config.publicUrl, addresses: lanUrls(world.config) }
    },
  )
  app.post(
    "/api/v1/reach/check",
    {
      schema: { tags, summary: "Ask for this server by its public address" },
      config: { rateLimit: { max: 10, timeWindow: "1 minute" } },
    },
    async (request) => {
      await require(world, request, "act", "settings")
      return reachSelf(world)
    },
  )
}
