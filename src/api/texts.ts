import type { FastifyInstance, FastifyRequest } from "fastify"
import { isKeepable } from "../core/door.ts"
import { Refusal } from "../core/refusals.ts"

const said = "a text must not contain the character U+0000 or half a surrogate pair"

/** Refuses requests with a text, in address, query or body, that the database cannot keep; the error names its field. */
export default async function texts(app: FastifyInstance): Promise<void> {
  app.addHook("preValidation", async ({ params, query, body }: FastifyRequest) => {
    // The body of a call that reads its lines itself is a text; it answers for each line.
    for (const part of [params, query, body])
      if (typeof part === "object" && part !== null) refuseUnkeepable(part)
  })
}

/** Without recursion: a body may lie deeper than the stack. */
function refuseUnkeepable(part: object): void {
  const open: [field: string, value: object][] = [["", part]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [place, value] = next
    for (const [name, each] of Object.entries(value)) {
      const field = place === "" ? name : `${place}.${name}`
      if (!isKeepable(name) || (typeof each === "string" && !isKeepable(each)))
        throw new Refusal("bad_request", undefined, [{ field, message: said }])
      if (typeof each === "object" && each !== null) open.push([field, each])
    }
  }
}
