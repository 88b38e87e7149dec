import { Button, QRCode, Select } from "antd"
import { Copy } from "lucide-react"
import { useState } from "react"
import type { PartnerLinkView, PartnerPage } from "../../src/api/contract/partners.ts"
import { StateTag } from "../marks/StateTag.tsx"
import { useWho } from "../shell/who.tsx"
import { say } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { useInvite, useRevoke, useRevokeAll } from "./queries.ts"

const spans = [7, 30, 90, 365]

/** A partner's links without signing in, the lists of its days and what it told back. */
export function Links({ each }: { each: PartnerPage }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const { may } = useWho()
  const invite = useInvite()
  const revokeAll = useRevokeAll()
  const [days, setDays] = useState(90)
  const when = (at: string) => say(Date.parse(at), now, { language, zone })
  const open = each.links.filter(isOpen(now))
  const mayInvite = may("act", "order")
  const made = invite.data ? `${window.location.origin}${invite.data.path}` : null
  const list = each.lists[0]
  const upload = each.uploads[0]
  return (
    <section>
      <header className="row case-section">
        <h2 className="grow">{t("partners.link.title")}</h2>
        {mayInvite && open.length > 0 && (
          <button
            type="button"
            className="link s"
            disabled={revokeAll.isPending}
            onClick={() => revokeAll.mutate(each.id)}
          >
            {t("partners.link.revokeAll")}
          </button>
        )}
      </header>
      <p className="t2 s">{t("partners.link.means")}</p>
      {made && <Made url={made} until={when(invite.data!.expiresAt)} />}
      {mayInvite && (
        <div className="row partners-make">
          <Select
            size="small"
            value={days}
            aria-label={t("partners.link.for")}
            onChange={setDays}
            options={spans.map((value) => ({ value, label: t("partners.link.days", { n: value }) }))}
          />
          <Button
            size="small"
            loading={invite.isPending}
            onClick={() => invite.mutate({ partner: each.id, days })}
          >
            {t("partners.link.make")}
          </Button>
        </div>
      )}
      {open
        .filter(({ daily }) => !daily)
        .map((link) => (
          <Row key={link.id} link={link} mayRevoke={mayInvite} when={when} />
        ))}
      <dl className="partners-facts">
        <dt>{t("partners.list.today")}</dt>
        <dd>
          {list
            ? [
                t("partners.list.made", { day: list.day, n: list.orders }),
                list.mailedAt
                  ? t("partners.list.mailed", { to: list.mailedTo, at: when(list.mailedAt) })
                  : list.error
                    ? t("partners.list.failed", { error: list.error })
                    : t(each.mails ? "partners.list.unsent" : "partners.list.noServer"),
                list.seenAt ? t("partners.list.seen", { at: when(list.seenAt) }) : t("partners.list.unseen"),
              ].join(" · ")
            : t("partners.list.none")}
        </dd>
        <dt>{t("partners.upload.title")}</dt>
        <dd>
          {upload
            ? t("partners.upload.last", {
                at: when(upload.at),
                n: upload.accepted,
                rejected: upload.rejected,
              })
            : t("partners.upload.none")}
        </dd>
      </dl>
    </section>
  )
}

const isOpen =
  (now: number) =>
  ({ revokedAt, expiresAt }: PartnerLinkView): boolean =>
    revokedAt === null && Date.parse(expiresAt) > now

function Row({
  link,
  mayRevoke,
  when,
}: {
  link: PartnerLinkView
  mayRevoke: boolean
  when(at: string): string
}) {
  const { t } = useWords()
  const revoke = useRevoke()
  return (
    <p className="row s partners-link">
      <StateTag state="met">{t("partners.link.open")}</StateTag>
      <span className="el grow">
        {t("partners.link.until", { by: link.createdBy, at: when(link.expiresAt) })} ·{" "}
        {link.usedAt ? t("partners.link.used", { at: when(link.usedAt) }) : t("partners.link.unused")}
      </span>
      {mayRevoke && (
        <button
          type="button"
          className="link"
          disabled={revoke.isPending}
          onClick={() => revoke.mutate(link.id)}
        >
          {t("partners.link.revoke")}
        </button>
      )}
    </p>
  )
}

/** A link just made: its address is told once. */
function Made({ url, until }: { url: string; until: string }) {
  const { t } = useWords()
  const [copied, setCopied] = useState(false)
  return (
    <div className="partners-made">
      <QRCode value={url} size={112} type="svg" bordered={false} />
      <div className="grow">
        <p className="s">{t("partners.link.once", { at: until })}</p>
        <code className="el">{url}</code>
        <Button
          size="small"
          type="primary"
          icon={<Copy size={13} />}
          onClick={() => void navigator.clipboard.writeText(url).then(() => setCopied(true))}
        >
          {t(copied ? "case.notice.copied" : "case.notice.copy")}
        </Button>
      </div>
    </div>
  )
}
