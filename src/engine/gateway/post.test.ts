import { createHmac } from "node:crypto"
import { expect, it } from "vitest"
import { signatureOf } from "./post.ts"

it("a message is signed as Standard Webhooks asks, with the bytes behind whsec_ or with a plain secret's own", () => {
  const id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
  const body = '{"test": 2432232314}'
  expect(signatureOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", id, 1_614_265_330, body)).toBe(
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  )
  const plain = createHmac("sha256", "a plain secret").update(`${id}.1.${body}`).digest("base64")
  expect(signatureOf("a plain secret", id, 1, body)).toBe(`v1,${plain}`)
})
