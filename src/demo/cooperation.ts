import type { Actor } from "../core/cases.ts"
import type { Instant } from "../core/instants.ts"
import { keepAttachment } from "../engine/attachments/keep.ts"
import { speak } from "../engine/cases/words.ts"
import { answerHelp, askForHelp } from "../engine/help/ask.ts"
import { inviteGuest } from "../engine/partners/guests.ts"
import { makeLists } from "../engine/partners/lists.ts"
import { answerRequest, askPartner } from "../engine/partners/requests.ts"
import type { EngineWorld } from "../engine/world.ts"
import { listCases } from "../store/caseLists.ts"
import { listPartners } from "../store/directory.ts"
import { caseNumber } from "../store/keys.ts"
import { findSubject, type Subject } from "../store/subjects.ts"
import { hour, minute } from "./calendar.ts"
import { people } from "./people.ts"
import { shelfPicture } from "./picture.ts"

/** A receipt of a carrier, as a PDF of one line. */
const receipt = Buffer.from(
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 240 120]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
)

/** Lets the people of the sample company talk about their newest cases: with a photo and a receipt, naming each other, asking for help in time and in vain, and asking partners. */
export async function cooperate(
  world: EngineWorld,
  now: Instant,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const at = (ago: number): EngineWorld => ({ ...world, instant: async () => now - ago, changed: () => {} })
  const found = await listCases(
    world.db,
    { now, state: "unarchived" },
    { limit: 40, after: null, sort: "-openedAt" },
  )
  // What is said of a case is said after it was opened, where one is old enough.
  const old = found.filter(({ openedAt }) => openedAt < now - 190 * minute)
  const own = (old.length < 3 ? found : old).filter(
    ({ state }) => state === "assigned" || state === "planned" || state === "analysed",
  )
  const subjects: Subject[] = []
  for (const { n, bucket } of [...own, ...found].slice(0, 3)) {
    const subject = await findSubject(world.db.pool, caseNumber(n, bucket))
    if (subject) subjects.push(subject)
  }
  const [first, second = first, third = first] = subjects
  if (!first || !second || !third) return
  const who = (name: string): Actor => {
    const { roles, department } = people.find((each) => each.name === name)!
    return {
      id: ids.get(name)!,
      name,
      roles: roles.map(([role, of]) => ({ role, department: of })),
      departments: [department],
    }
  }

  const photo = await keepAttachment(
    at(95 * minute),
    first,
    { name: "一仓 B 区货架.png", content: shelfPicture() },
    "蒋伟",
  )
  await speak(
    at(94 * minute),
    first,
    { text: "货架这一层已经空了，盘点和系统对得上，不是找不到货。", attachments: [photo.sha256] },
    who("蒋伟"),
  )
  await speak(
    at(90 * minute),
    first,
    {
      text: "@何舟 这一款什么时候能到？@客服 客户问就说正在确认，别先许日期。",
      people: [ids.get("何舟")!],
      departments: ["service"],
    },
    who("林越"),
  )
  const answered = await askForHelp(
    at(80 * minute),
    first,
    { department: "purchasing", text: "能不能从成都二仓调 36 件过来？" },
    who("周楠"),
  )
  await answerHelp(at(52 * minute), answered.id, "能，今晚的车，明早到一仓。", who("何舟"))
  await speak(
    at(40 * minute),
    first,
    { text: "建议以后直播前一天核一遍这类爆款的可售数。", proposal: true },
    who("马小满"),
  )
  // Nobody answers this one: the engine finds it late and brings it to the head.
  await askForHelp(
    at(3 * hour),
    second,
    { department: "purchasing", text: "供应商说要改交期，能不能先发现货的颜色？" },
    who("陈露"),
  )
  await askForHelp(
    at(20 * minute),
    third,
    { person: ids.get("周楠")!, text: "这单要不要拆成两个包裹先发一个？" },
    who("蒋伟"),
  )
  await askOutside(world, { at, who, subjects: [first, second, third] })
}

type Scene = {
  at(ago: number): EngineWorld
  who(name: string): Actor
  subjects: [Subject, Subject, Subject]
}

/** What was asked of carriers and suppliers, and the link of whoever ships for us. */
async function askOutside(world: EngineWorld, { at, who, subjects }: Scene): Promise<void> {
  const [first, second, third] = subjects
  const partners = await listPartners(world.db.pool)
  const [carrier, supplier, warehouse] = (["carrier", "supplier", "cloud_warehouse"] as const).map((kind) =>
    partners.find((each) => each.kind === kind),
  )
  if (carrier) {
    const chased = await askPartner(
      at(2 * hour),
      {
        partner: carrier.id,
        kind: "chase",
        subject: third.number,
        text: "这件揽收后没有更新，麻烦看一下在哪个分拨。",
        via: "call",
        contact: carrier.contacts[0]?.phone,
      },
      who("陈露"),
    )
    const slip = await keepAttachment(
      at(70 * minute),
      third,
      { name: "揽收回单.pdf", content: receipt },
      "陈露",
    )
    await speak(
      at(70 * minute),
      third,
      { text: "网点发来了回单，货在宁波分拨。", attachments: [slip.sha256] },
      who("陈露"),
    )
    await answerRequest(at(68 * minute), chased.id, {
      answer: "漏扫了，今晚补扫上车，明天下午到。",
      promisedAt: (await at(0).instant(world.db.pool)) + 20 * hour,
      by: who("陈露"),
    })
  }
  if (supplier)
    await askPartner(
      at(30 * minute),
      {
        partner: supplier.id,
        kind: "restock",
        subject: second.number,
        text: "这一款最早什么时候能到 200 件？",
        via: "mail",
      },
      who("何舟"),
    )
  if (warehouse && first) {
    await inviteGuest(at(6 * hour), warehouse.id, "林越", 90)
    await makeLists(at(6 * hour))
  }
}
