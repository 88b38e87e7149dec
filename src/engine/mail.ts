import { createTransport } from "nodemailer"
import type { Verdict } from "../core/alerts/robots.ts"
import type { Session } from "../store/statement.ts"
import { type MailServer, mailServer } from "./alerts/settings.ts"
import type { EngineWorld } from "./world.ts"

/** How long a mail server may take to answer. */
const answerMaxMs = 10_000

/** A mail as it leaves; `key` is the same at every try, so that a receiver can tell a repetition. */
export type Letter = { to: string; subject: string; text: string; html?: string; key: string }

/** A mail server with its password opened. */
export type OpenMailServer = MailServer & { password: string | null }

/** The company's mail server, ready to send; null where none was named. */
export async function openMailServer(world: EngineWorld, session: Session): Promise<OpenMailServer | null> {
  const server = await mailServer(session)
  if (server === null) return null
  const sealed = server.password
  const password =
    sealed === null
      ? null
      : world.secrets.open(Buffer.from(sealed, "base64"), "mail.password").toString("utf8")
  return { ...server, password }
}

/** Sends a mail and says how it went. Throws nothing. */
export async function sendMail(
  server: OpenMailServer,
  { to, subject, text, html, key }: Letter,
): Promise<Verdict> {
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.secure,
    ...(server.user === null ? {} : { auth: { user: server.user, pass: server.password ?? "" } }),
    connectionTimeout: answerMaxMs,
    greetingTimeout: answerMaxMs,
    socketTimeout: answerMaxMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await transport.sendMail({
      from: server.from,
      to,
      subject,
      messageId: `<${key}@zhunshi>`,
      text,
      ...(html === undefined ? {} : { html }),
    })
    return { how: "sent" }
  } catch (error) {
    return verdictOf(error)
  } finally {
    transport.close()
  }
}

function verdictOf(error: unknown): Verdict {
  const { responseCode, code = "error" } = error as { responseCode?: number; code?: string }
  const message = ((error as { message?: string }).message ?? "").slice(0, 300)
  if (code === "EAUTH") return { how: "refused", why: "sign", code: String(responseCode ?? code), message }
  if (responseCode !== undefined && responseCode >= 500)
    return { how: "refused", why: "gone", code: String(responseCode), message }
  return {
    how: "again",
    why: responseCode === undefined ? "unreachable" : "stumbled",
    code: String(responseCode ?? code),
    message,
  }
}
