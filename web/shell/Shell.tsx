import { Drawer } from "antd"
import { Suspense, useEffect, useRef, useState } from "react"
import { NavLink, Outlet, useNavigate } from "react-router"
import { Skeleton } from "../marks/Blank.tsx"
import { SampleRibbon } from "../sample/SampleRibbon.tsx"
import { TrialBanner } from "../trial/TrialBanner.tsx"
import { useWords } from "../words/words.ts"
import { KeyHelp } from "./KeyHelp.tsx"
import { openKeys, useKeys } from "./keys.ts"
import { pages } from "./pages.ts"
import { Rail, TabBar } from "./Rail.tsx"
import { LanguageSwitch, ThemeSwitch } from "./Switches.tsx"
import { TopBar } from "./TopBar.tsx"
import { SignedIn, useSignOut, useWho } from "./who.tsx"
import "./shell.css"

const foldedKey = "zhunshi.rail"

/** What stands around every page of the staff. */
export function Shell() {
  return (
    <SignedIn>
      <Frame />
    </SignedIn>
  )
}

function Frame() {
  const [folded, setFolded] = useState(localStorage.getItem(foldedKey) === "folded")
  const [help, setHelp] = useState(false)
  const [more, setMore] = useState(false)
  const search = useRef<HTMLInputElement>(null)
  const navigate = useNavigate()
  const { may } = useWho()
  useEffect(() => openKeys(), [])
  useKeys("shell.keys.everywhere", {
    "/": { does: "shell.keys.search", act: () => search.current?.focus() },
    "?": { does: "shell.keys.help", act: () => setHelp(true) },
    ...Object.fromEntries(
      pages
        .filter(({ may: needs }) => may(...needs))
        .slice(0, 9)
        .map(({ name, path }, i) => [
          String(i + 1),
          { does: `shell.page.${name}`, act: () => void navigate(path) },
        ]),
    ),
  })
  const fold = () => {
    localStorage.setItem(foldedKey, folded ? "" : "folded")
    setFolded(!folded)
  }
  return (
    <>
      <SampleRibbon />
      <div className={`shell${folded ? " folded" : ""}`}>
        <Rail folded={folded} onFold={fold} onKeys={() => setHelp(true)} />
        <TopBar search={search} />
        <TrialBanner />
        <main>
          <Suspense fallback={<Skeleton />}>
            <Outlet />
          </Suspense>
        </main>
        <TabBar onMore={() => setMore(true)} />
        <KeyHelp open={help} onClose={() => setHelp(false)} />
        <More open={more} onClose={() => setMore(false)} />
      </div>
    </>
  )
}

/** What a phone's tab bar has no room for. */
function More({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useWords()
  const { me, may } = useWho()
  const signOut = useSignOut()
  const rest = pages.filter(({ may: needs }) => may(...needs)).slice(4)
  return (
    <Drawer open={open} onClose={onClose} placement="bottom" size="auto" title={me.person.name}>
      <div className="more">
        {rest.map(({ name, path, icon: Icon }) => (
          <NavLink key={name} to={path} onClick={onClose}>
            <Icon size={20} strokeWidth={1.75} />
            {t(`shell.page.${name}`)}
          </NavLink>
        ))}
        <div className="row">
          <LanguageSwitch />
          <ThemeSwitch />
          <span className="grow" />
          <button type="button" className="link" onClick={() => void signOut()}>
            {t("shell.signOut")}
          </button>
        </div>
      </div>
    </Drawer>
  )
}
