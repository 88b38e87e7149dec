import { z } from "zod"
import { wordsSchema } from "./words.ts"

const reason = z.looseObject({
  code: z.string(),
  label: wordsSchema,
  help: wordsSchema,
  needsNote: z.boolean(),
})

/** The lists of reasons that acts name (handing on, another cause, a returned report …), a part of the policy. */
export const reasonsSchema = z.strictObject({
  version: z.int(),
  rule: wordsSchema,
  noteMinLength: z.int(),
  lists: z.array(
    z.strictObject({
      code: z.string(),
      name: wordsSchema,
      usedFor: wordsSchema,
      clause: z.string(),
      reasons: z.array(reason),
    }),
  ),
})
/** The company's reasons. */
export type Reasons = z.infer<typeof reasonsSchema>
