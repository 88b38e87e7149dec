import { betterAuth } from "better-auth"
import { twoFactor } from "better-auth/plugins"
import pg from "pg"

/** The sign-in library behind the few things that the rest needs of it. */
export type SignIn = {
  handle(request: Request): Promise<Response>
  /** id of the user whose session the headers carry */
  userOf(headers: Headers): Promise<string | null>
  /** makes a user who signs in with a password; null when the address is taken */
  add(user: { name: string; email: string; password: string }): Promise<string | null>
  setPassword(userId: string, password: string): Promise<void>
  findByEmail(email: string): Promise<{ id: string; name: string } | null>
  close(): Promise<void>
}

export const passwordMin = 10

/** Opens sign-in on a database. Nobody signs up: owners come by link, staff by invitation. */
export function openSignIn(
  url: string,
  options: { secret: string; baseUrl: string; trusted: readonly string[]; cookies?: string },
): SignIn {
  // A pool of its own, since the library expects dates where the rest of the product has milliseconds.
  const pool = new pg.Pool({ connectionString: url, max: 4, options: "-c timezone=UTC" })
  pool.on("error", () => {})
  const auth = betterAuth({
    database: pool,
    secret: options.secret,
    baseURL: options.baseUrl,
    basePath: "/api/auth",
    trustedOrigins: [...options.trusted],
    telemetry: { enabled: false },
    // What people are called is changed where they are managed, and stands in the audit trail; a name travels in the session's cookie.
    disabledPaths: ["/update-user"],
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordMin,
      autoSignIn: true,
    },
    // A person mistypes; a machine that guesses a password of ten characters gets nowhere at this pace.
    rateLimit: {
      enabled: true,
      window: 60,
      max: 120,
      customRules: { "/sign-in/email": { window: 60, max: 20 } },
    },
    session: { modelName: "auth_sessions", cookieCache: { enabled: true, maxAge: 60 } },
    user: { modelName: "auth_users" },
    account: { modelName: "auth_accounts" },
    verification: { modelName: "auth_verifications" },
    plugins: [twoFactor({ schema: { twoFactor: { modelName: "auth_two_factors" } } })],
    advanced: {
      // Our door writes this header itself, whatever the client sent.
      ipAddress: { ipAddressHeaders: ["x-zhunshi-client"] },
      // The door adds Secure where the page came by HTTPS: the same company may be opened by HTTP in its own network.
      useSecureCookies: false,
      cookiePrefix: options.cookies ?? "zhunshi",
    },
  })
  return {
    handle: (request) => auth.handler(request),
    async userOf(headers) {
      const session = await auth.api.getSession({ headers })
      return session?.user.id ?? null
    },
    async add({ name, email, password }) {
      const context = await auth.$context
      const lower = email.toLowerCase()
      if (await context.internalAdapter.findUserByEmail(lower)) return null
      const user = await context.internalAdapter
        .createUser({ name, email: lower, emailVerified: true }, { method: "email-password" })
        .catch(takenMeanwhile)
      if (user === null) return null
      await context.internalAdapter.linkAccount({
        userId: user.id,
        providerId: "credential",
        accountId: user.id,
        password: await context.password.hash(password),
      })
      return user.id
    },
    async setPassword(userId, password) {
      const context = await auth.$context
      await context.internalAdapter.updatePassword(userId, await context.password.hash(password))
      await context.internalAdapter.deleteUserSessions(userId)
    },
    async findByEmail(email) {
      const context = await auth.$context
      const found = await context.internalAdapter.findUserByEmail(email.toLowerCase())
      return found ? { id: found.user.id, name: found.user.name } : null
    },
    close: () => pool.end(),
  }
}

function takenMeanwhile(error: { constraint?: string }): null {
  if (error.constraint === "auth_users_email_key") return null
  throw error
}
