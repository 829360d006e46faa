//! The prompt: what keys do to it, and what becomes of a line.

use super::*;
use crate::command::LONGEST_LINE;
use crate::session::prompt::{Advice, Edit, Reach};

/// A session with an open prompt, after these keys: characters are typed, `⏎` is Enter, `⇥` Tab,
/// `⇤` Shift-Tab, `⌫` Backspace, `⎋` Esc, `↑` `↓` `←` arrows, `®` Ctrl-R, `©` Ctrl-C, `†` Ctrl-D.
fn typed(session: &mut Session, keys: &str) -> Vec<Effect> {
    let mut effects = act(session, Action::Prompt);
    for key in keys.chars() {
        let edit = match key {
            '⏎' => Edit::Enter,
            '⇥' => Edit::Complete,
            '⇤' => Edit::CompleteBack,
            '⌫' => Edit::Delete(Reach::Back),
            '⎋' => Edit::Escape,
            '↑' => Edit::Older,
            '↓' => Edit::Newer,
            '←' => Edit::Go(Reach::Back),
            '®' => Edit::Search,
            '©' => Edit::Interrupt,
            '†' => Edit::EndOfInput,
            c => Edit::Insert(c),
        };
        effects.extend(act(session, Action::Edit(edit)));
    }
    effects
}

fn begun() -> Session {
    with_devices(standing_at(Place { step: 0, done: 0 }))
}

fn with_devices(mut session: Session) -> Session {
    for name in ["br0", "hlink3", "hlink4"] {
        let index = u32::try_from(session.world.spaces[&Ns::Host].links.len() + 2);
        let change = Change::Link(Box::new(link(index.expect("few"), name)));
        session.handle(Event::World(Ns::Host, change));
    }
    session.handle(Event::History(
        ["ping 10.0.0.1", "ip route", "ip link"]
            .map(str::to_owned)
            .to_vec(),
    ));
    session
}

/// The line with `|` where the cursor stands; `-` for a closed prompt.
fn shown(session: &Session) -> String {
    session.prompt_line().map_or("-".to_owned(), |prompt| {
        let (before, behind) = prompt.line.text().split_at(prompt.line.cursor());
        format!("{before}|{behind}")
    })
}

#[test]
fn keys_edit_the_line() {
    for (keys, wanted) in [
        ("ip a", "ip a|"),
        ("ip a⌫r", "ip r|"),
        ("ip a←l", "ip l|a"),
        ("↑", "ip link|"),
        ("↑↑↑↑", "ping 10.0.0.1|"),
        ("↑↑↓↓", "|"),
        ("pi↑", "ping 10.0.0.1|"),
        ("pi↑↑↓", "pi|"),
        ("®ro", "|"),
        ("®rout←", "ip rout|e"),
        ("x®ip⎋", "x|"),
        ("x®nothing⌫⎋", "x|"),
        ("ip l⇥", "ip link |"),
        ("ip link set hl⇥", "ip link set hlink|"),
        ("ip link set hl⇥⇥", "ip link set hlink3|"),
        ("ip link set hl⇥⇥⇥", "ip link set hlink4|"),
        ("ip link set hl⇥⇥⇥⇥", "ip link set hlink3|"),
        ("ip link set hl⇥⇤", "ip link set hlink4|"),
        ("ip link set hl⇥⇥⏎", "ip link set hlink3 |"),
        ("ip link set hl⇥⇥⎋", "ip link set hlink|"),
        ("ip link set hl⇥⇥ up", "ip link set hlink3 up|"),
        ("ip lnk ⇥", "ip lnk |"),
        ("ip link set up←←← hl⇥", "ip link set hlink| up"),
        ("ip a†", "ip a|"),
        ("ip a←†", "ip |"),
        ("ip a©", "|"),
        ("ip a©©", "-"),
        ("ip link set hl⇥⇥©", "|"),
        ("x®ip©", "|"),
        ("⎋", "-"),
        ("†", "-"),
    ] {
        let mut session = begun();
        typed(&mut session, keys);
        assert_eq!(shown(&session), wanted, "{keys}");
    }
}

#[test]
fn a_line_is_run_and_remembered() {
    let mut session = begun();
    let effects = typed(&mut session, " ip addr⏎");
    let (_, at, command) = run_of(&effects);
    assert_eq!((at, command.as_str()), (Ns::Host, "ip addr show"));
    assert!(effects.contains(&Effect::Remember("ip addr".to_owned())));
    assert_eq!(shown(&session), "|", "the prompt stays open");

    let effects = typed(&mut session, "ip link⏎");
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Run { .. }))
    );
    assert_eq!(shown(&session), "ip link|", "the line waits");
    assert!(matches!(session.advice(), Some(Advice::Said(said)) if said.contains("Ctrl-C")));
    let effects = typed(&mut session, "©");
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Cancel(_)))
    );
    assert_eq!(shown(&session), "ip link|");
}

#[test]
fn a_wrong_line_stays_and_changes_nothing() {
    for (line, column) in [
        ("ip lnk set br0 up", 6),
        ("ip addr add 10.0.0.300/8 dev br0", 22),
        ("ip link add", 11),
        ("ip link set br0 up; ip addr", 19),
        ("ip addr && ip link", 9),
        ("ip link | grep br0", 9),
        ("ip link set $(hostname) up", 13),
        (":nonsense", 9),
        (":goto 9", 7),
        (":undo it", 8),
    ] {
        let mut session = begun();
        let before = session.transcript.len();
        let effects = typed(&mut session, &format!("{line}⏎"));
        assert!(effects.is_empty(), "{line}: {effects:?}");
        assert_eq!(session.transcript.len(), before, "{line}");
        let prompt = session.prompt_line().expect("it stays open");
        assert_eq!(
            (prompt.line.text(), prompt.line.cursor()),
            (line, column),
            "{line}"
        );
        assert!(
            matches!(session.advice(), Some(Advice::Refused(_))),
            "{line}"
        );
        typed(&mut session, "x");
        assert!(
            !matches!(session.advice(), Some(Advice::Refused(_))),
            "{line}"
        );
    }
}

#[test]
fn what_was_typed_is_not_lost_when_the_prompt_closes() {
    let mut session = begun();
    session.focus = Pane::Checks;
    typed(&mut session, "ip lin⎋");
    assert_eq!(
        (shown(&session).as_str(), session.focus),
        ("-", Pane::Checks)
    );
    act(&mut session, Action::Prompt);
    assert_eq!(
        (shown(&session).as_str(), session.focus),
        ("ip lin|", Pane::Transcript)
    );
    typed(&mut session, "©©");
    act(&mut session, Action::Colon);
    assert_eq!(shown(&session), ":|");
}

#[test]
fn the_end_of_input_leaves_a_namespace_first() {
    let mut session = standing_at(Place { step: 1, done: 1 });
    assert_eq!(session.at().name(), "app1");
    let effects = typed(&mut session, "†");
    let run = effects.iter().any(
        |effect| matches!(effect, Effect::Run { command, .. } if command.canonical() == "exit"),
    );
    assert!(run, "{effects:?}");
}

#[test]
fn pasted_lines_are_run_one_after_the_other() {
    let mut session = begun();
    session.handle(Event::Paste("ip addr\nip link\n\nip route".to_owned()));
    assert_eq!(
        shown(&session),
        "ip addr|",
        "a paste opens the prompt and runs nothing"
    );
    assert_eq!(session.jobs.len(), 0);
    let effects = typed(&mut session, "⏎");
    let (first, ..) = run_of(&effects);
    assert_eq!(shown(&session), "ip link|");
    typed(&mut session, "⏎");
    assert_eq!(shown(&session), "ip link|", "the first one is under way");
    end(&mut session, first, None);
    typed(&mut session, "⌫⌫⌫⌫⏎");
    typed(&mut session, "©");
    assert_eq!(shown(&session), "|");
    let said = &session.transcript.last().expect("something is said").text;
    assert!(said.contains("1 pasted line dropped"), "{said}");
}

#[test]
fn no_paste_is_too_large() {
    let mut session = begun();
    session.handle(Event::Paste("x".repeat(10_000_000)));
    assert_eq!(shown(&session), "|");
    let said = &session.transcript.last().expect("something is said").text;
    assert!(said.contains("10000000 bytes"), "{said}");
    session.handle(Event::Paste("x".repeat(LONGEST_LINE)));
    typed(&mut session, "y");
    let prompt = session.prompt_line().expect("it is open");
    assert_eq!(prompt.line.text().len(), LONGEST_LINE);
    assert!(matches!(session.advice(), Some(Advice::Said(_))));
}

#[test]
fn enter_in_an_empty_prompt_leads_on_when_the_step_is_done() {
    let mut session = with_devices(standing_at(Place { step: 0, done: 2 }));
    assert!(session.step_is_done(), "br0 is there");
    typed(&mut session, "⏎");
    assert_eq!((session.step, shown(&session).as_str()), (1, "|"));
    typed(&mut session, "⏎");
    assert!(
        session.jobs.is_empty(),
        "no command of the lesson is run from an empty prompt"
    );
    assert!(matches!(session.advice(), Some(Advice::Said(said)) if said.contains("nsenter")));
}

#[test]
fn words_of_the_program_do_what_keys_do() {
    let mut session = begun();
    typed(&mut session, ":hint⏎");
    assert_eq!(session.record().hints, [0]);
    typed(&mut session, ":help⏎");
    assert!(session.help);
    session.help = false;
    let effects = typed(&mut session, ":goto 2⏎");
    assert_eq!(builds(&effects).len(), 1, "{effects:?}");
    session.handle(Event::Lessons(vec!["nat".to_owned()]));
    let effects = typed(&mut session, ":lesson nat⏎");
    assert!(effects.contains(&Effect::Teach("nat".to_owned())));
    let effects = typed(&mut session, ":q⏎");
    assert!(effects.contains(&Effect::Quit));
}

#[test]
fn the_solution_is_put_into_the_prompt_and_not_run() {
    let mut session = begun();
    typed(&mut session, ":solution⏎");
    assert_eq!(shown(&session), "|", "nothing is drawn, so it is told");
    draw(&mut session);
    let effects = typed(&mut session, ":solution⏎");
    assert_eq!(shown(&session), "ip link add br0 type bridge|");
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Run { .. }))
    );
    let effects = typed(&mut session, "⏎");
    assert_eq!(run_of(&effects).2, "ip link add name br0 type bridge");
}

#[test]
fn every_word_has_a_line_of_help_and_a_name_of_its_own() {
    let mut seen = Vec::new();
    for word in crate::session::colon::WORDS {
        assert!(
            !word.meaning.is_empty() && !seen.contains(&word.word),
            "{}",
            word.word
        );
        seen.push(word.word);
    }
}
