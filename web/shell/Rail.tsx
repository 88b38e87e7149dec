import { PanelLeftClose, PanelLeftOpen } from "lucide-react"
import { Link, NavLink } from "react-router"
import { useWords } from "../words/words.ts"
import { Brand } from "./Brand.tsx"
import { useCounts } from "./counts.ts"
import { pages, prefetch } from "./pages.ts"
import { useWho } from "./who.tsx"

type Props = { folded: boolean; onFold: () => void; onKeys: () => void }

/** The pages that exist and that the role may see; it folds to its icons. */
export function Rail({ folded, onFold, onKeys }: Props) {
  const { t } = useWords()
  const { may } = useWho()
  const counts = useCounts()
  const Fold = folded ? PanelLeftOpen : PanelLeftClose
  return (
    <aside className="rail">
      <Link to="/" className="brand" aria-label={t("shell.product")}>
        <Brand />
        <span className="word">{t("shell.product")}</span>
      </Link>
      <nav aria-label={t("shell.pages")}>
        {pages
          .filter(({ may: needs }) => may(...needs))
          .map(({ name, path, icon: Icon, parted }) => (
            <div key={name}>
              {parted && <hr />}
              <NavLink
                to={path}
                title={folded ? t(`shell.page.${name}`) : undefined}
                onPointerEnter={() => prefetch(name)}
              >
                <Icon size={16} strokeWidth={1.75} />
                <span className="word">{t(`shell.page.${name}`)}</span>
                {counts[name] !== undefined && counts[name] > 0 && (
                  <em className="word">{counts[name].toLocaleString("en")}</em>
                )}
              </NavLink>
            </div>
          ))}
      </nav>
      <span className="grow" />
      <div className="row foot">
        <button type="button" className="plain row s t3" style={{ gap: 8 }} onClick={onKeys}>
          <kbd>?</kbd>
          <span className="word">{t("shell.keys.all")}</span>
        </button>
        <span className="grow" />
        <button type="button" className="icon-button word" aria-label={t("shell.fold")} onClick={onFold}>
          <Fold size={15} strokeWidth={1.75} />
        </button>
      </div>
      {folded && (
        <button type="button" className="icon-button" aria-label={t("shell.unfold")} onClick={onFold}>
          <Fold size={15} strokeWidth={1.75} />
        </button>
      )}
    </aside>
  )
}

/** The rail of a phone: four pages and the rest. */
export function TabBar({ onMore }: { onMore: () => void }) {
  const { t } = useWords()
  const { may } = useWho()
  const counts = useCounts()
  const allowed = pages.filter(({ may: needs }) => may(...needs))
  return (
    <nav className="tab-bar" aria-label={t("shell.pages")}>
      {allowed.slice(0, 4).map(({ name, path, icon: Icon }) => (
        <NavLink key={name} to={path}>
          <span className="icon">
            <Icon size={22} strokeWidth={1.75} />
            {name === "work" && counts[name] ? <sup>{counts[name]}</sup> : null}
          </span>
          {t(`shell.page.${name}`)}
        </NavLink>
      ))}
      <button type="button" onClick={onMore}>
        <span className="icon">
          <svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true">
            <path
              d="M5 12h.01M12 12h.01M19 12h.01"
              stroke="currentColor"
              strokeWidth="3"
              strokeLinecap="round"
            />
          </svg>
        </span>
        {t("shell.more")}
      </button>
    </nav>
  )
}
