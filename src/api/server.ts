import { existsSync } from "node:fs"
import { join } from "node:path"
import helmet from "@fastify/helmet"
import multipart from "@fastify/multipart"
import rateLimit from "@fastify/rate-limit"
import serveStatic from "@fastify/static"
import swagger from "@fastify/swagger"
import swaggerUi from "@fastify/swagger-ui"
import fastify, { type FastifyInstance, type FastifyReply } from "fastify"
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from "fastify-type-provider-zod"
import { idBytesMax } from "../core/door.ts"
import backups from "./backups.ts"
import bell from "./bell.ts"
import board from "./board.ts"
import caseActs from "./cases/acts.ts"
import attachments from "./cases/attachments.ts"
import help from "./cases/help.ts"
import caseLists from "./cases/lists.ts"
import oneCase from "./cases/one.ts"
import caseViews from "./cases/saved.ts"
import caseWords from "./cases/words.ts"
import causes from "./causes.ts"
import channels from "./channels.ts"
import company from "./company.ts"
import customers from "./customers.ts"
import declared from "./declared.ts"
import departments from "./departments.ts"
import directory from "./directory.ts"
import doctor from "./doctor.ts"
import engine from "./engine.ts"
import enginePage from "./enginePage.ts"
import entering from "./entering.ts"
import events from "./events.ts"
import gateway from "./gateway.ts"
import handovers from "./handovers.ts"
import health from "./health.ts"
import imports from "./imports.ts"
import incidents from "./incidents/routes.ts"
import keys from "./keys.ts"
import live from "./live.ts"
import notices from "./notices.ts"
import orders from "./orders.ts"
import guests from "./partners/guests.ts"
import partnerPages from "./partners/pages.ts"
import partnerRequests from "./partners/requests.ts"
import people from "./people.ts"
import policy from "./policy.ts"
import { handleProblems, problemOf, sendProblem } from "./problems.ts"
import reach from "./reach.ts"
import receivers from "./receivers.ts"
import record from "./record.ts"
import reports from "./reports.ts"
import retention from "./retention.ts"
import robots from "./robots.ts"
import rosters from "./rosters.ts"
import sample from "./sample.ts"
import setup from "./setup.ts"
import staffTable from "./staffTable.ts"
import texts from "./texts.ts"
import trialRun from "./trialRun.ts"
import typeRules from "./typeRules.ts"
import warnings from "./warnings.ts"
import work from "./work.ts"
import type { World } from "./world.ts"

const bodyMax = 8 * 2 ** 20

/** The whole HTTP application, not listening yet. */
export async function build(world: World): Promise<FastifyInstance> {
  const app = fastify({
    // Requests are counted in the metrics; the log is for what went wrong.
    ...(world.log ? { loggerInstance: world.log.child({}, { level: "warn" }) } : { logger: false }),
    bodyLimit: bodyMax,
    trustProxy: world.config.publicUrl !== null,
    forceCloseConnections: true,
    // Part of an order's address is an id of up to this many bytes.
    routerOptions: { maxParamLength: idBytesMax },
    // An address that cannot be read, or a part of it that is longer than any id, leads nowhere.
    frameworkErrors: (_error, _request, reply) => void sendProblem(reply, problemOf("not_found")),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  handleProblems(app)
  await protect(app)
  await texts(app)
  await document(app, world)
  await app.register(multipart, { limits: { fileSize: 512 * 2 ** 20, files: 1 } })
  app.addHook(
    "onSend",
    async (_request, reply) => void reply.header("x-server-time", new Date().toISOString()),
  )
  for (const routes of [
    health,
    bell,
    robots,
    warnings,
    events,
    orders,
    receivers,
    retention,
    customers,
    caseLists,
    oneCase,
    caseActs,
    caseViews,
    caseWords,
    incidents,
    attachments,
    help,
    work,
    causes,
    declared,
    reports,
    notices,
    gateway,
    partnerPages,
    partnerRequests,
    guests,
    board,
    engine,
    enginePage,
    entering,
    people,
    staffTable,
    departments,
    company,
    rosters,
    handovers,
    record,
    channels,
    typeRules,
    policy,
    directory,
    keys,
    setup,
    reach,
    imports,
    trialRun,
    sample,
    backups,
    doctor,
    live,
  ])
    await routes(app, world)
  await serveWeb(app, world)
  return app
}

async function protect(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        workerSrc: ["'self'", "blob:"],
        connectSrc: ["'self'"],
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: false,
  })
  await app.register(rateLimit, { global: false })
}

async function document(app: FastifyInstance, world: World): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Zhunshi 准时",
        version: world.config.version,
        description: "Keeps the shipping promises of a live-commerce company.",
      },
      components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "x-api-key" } } },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
  })
  await app.register(swaggerUi, { routePrefix: "/api/docs" })
}

/** The built web app; every page address that is no file answers with it. */
async function serveWeb(app: FastifyInstance, world: World): Promise<void> {
  const root = world.config.web
  const served = root !== null && existsSync(join(root, "index.html"))
  if (served)
    await app.register(serveStatic, {
      root,
      index: "index.html",
      immutable: true,
      maxAge: "1y",
      setHeaders: noCachePages,
    })
  app.setNotFoundHandler((request, reply) => {
    const isPage =
      served &&
      request.method === "GET" &&
      !request.url.startsWith("/api/") &&
      /text\/html|\*\/\*/.test(request.headers.accept ?? "")
    return isPage
      ? reply.header("cache-control", "no-cache").sendFile("index.html", { cacheControl: false })
      : sendProblem(reply, problemOf("not_found"))
  })
}

function noCachePages(reply: FastifyReply, path: string): void {
  if (path.endsWith(".html")) void reply.header("cache-control", "no-cache")
}
