use super::*;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Do {
    Type(String),
    Go(Reach),
    Delete(Reach),
    Place(usize),
    Replace(usize, usize, String),
    Yank,
    Transpose,
    Undo,
}

fn apply(line: &mut Line, what: &Do) {
    match what {
        Do::Type(text) => line.insert(text),
        Do::Go(reach) => line.go(*reach),
        Do::Delete(reach) => line.delete(*reach),
        Do::Place(byte) => line.place(*byte),
        Do::Replace(from, to, text) => line.replace(*from..*to.max(from), text),
        Do::Yank => line.yank(),
        Do::Transpose => line.transpose(),
        Do::Undo => line.undo(),
    }
}

/// The line with `|` where the cursor stands.
fn shown(line: &Line) -> String {
    let (before, behind) = line.text().split_at(line.cursor());
    format!("{before}|{behind}")
}

#[test]
fn edits_as_readline_does() {
    use Do::{Delete, Go, Transpose, Type, Undo, Yank};
    use Reach::{Back, BlankBack, End, On, Start, WordBack, WordOn};
    let cases: &[(&str, &[Do], &str)] = &[
        ("ip link", &[Go(Back), Type("x".into())], "ip linx|k"),
        ("ip link", &[Go(Start), Go(On), Delete(On)], "i| link"),
        ("ip link", &[Go(Start), Delete(Back)], "|ip link"),
        ("ip link", &[Delete(On)], "ip link|"),
        ("ip link", &[Delete(Back), Delete(Back)], "ip li|"),
        (
            "ip link add br0",
            &[Go(WordBack), Go(WordBack)],
            "ip link |add br0",
        ),
        (
            "ip link add",
            &[Go(Start), Go(WordOn), Go(WordOn)],
            "ip link| add",
        ),
        (
            "addr add 10.0.0.1/8",
            &[Delete(WordBack)],
            "addr add 10.0.0.1/|",
        ),
        ("addr add 10.0.0.1/8  ", &[Delete(BlankBack)], "addr add |"),
        (
            "a b c",
            &[Delete(BlankBack), Delete(BlankBack), Yank],
            "a b c|",
        ),
        (
            "a b c",
            &[Go(Start), Delete(WordOn), Delete(WordOn), Go(End), Yank],
            " ca b|",
        ),
        (
            "a b c",
            &[Delete(BlankBack), Go(Start), Delete(WordOn), Yank, Yank],
            "aa| b ",
        ),
        ("a b c", &[Go(Back), Delete(Start)], "|c"),
        ("a b c", &[Go(Start), Go(On), Delete(End), Yank], "a b c|"),
        ("pi link", &[Go(Start), Go(On), Transpose], "ip| link"),
        ("lnik", &[Transpose], "lnki|"),
        ("x", &[Transpose], "x|"),
        ("", &[Transpose, Yank, Undo, Delete(Back)], "|"),
        ("ip", &[Type(" a".into()), Delete(Start), Undo], "ip a|"),
        ("ip", &[Type(" ".into()), Type("a".into()), Undo], "ip|"),
        ("漢字", &[Go(Back), Type("x".into())], "漢x|字"),
        ("e\u{301}x", &[Go(Back), Delete(Back)], "|x"),
        ("é漢", &[Go(WordBack), Delete(WordOn)], "|"),
    ];
    for (text, edits, wanted) in cases {
        let mut line = Line::new(text);
        for edit in *edits {
            apply(&mut line, edit);
        }
        assert_eq!(shown(&line), *wanted, "{text} {edits:?}");
    }
}

#[test]
fn an_accent_joins_its_letter() {
    let mut line = Line::new("e");
    line.insert("\u{301}");
    assert_eq!(line.cursor(), 3);
    line.place(1);
    assert_eq!(line.cursor(), 0);
}

fn reach() -> impl Strategy<Value = Reach> {
    prop::sample::select(vec![
        Reach::Back,
        Reach::On,
        Reach::WordBack,
        Reach::WordOn,
        Reach::BlankBack,
        Reach::Start,
        Reach::End,
    ])
}

fn edit() -> impl Strategy<Value = Do> {
    let text = "[a-z 0-9/.漢é\u{301}\u{1f468}\u{200d}]{1,6}";
    prop_oneof![
        4 => text.prop_map(Do::Type),
        3 => reach().prop_map(Do::Go),
        3 => reach().prop_map(Do::Delete),
        1 => (0..40_usize).prop_map(Do::Place),
        1 => (0..40_usize, 0..40_usize, text).prop_map(|(from, to, text)| Do::Replace(from, to, text)),
        1 => Just(Do::Yank),
        1 => Just(Do::Transpose),
        1 => Just(Do::Undo),
    ]
}

proptest! {
    #[test]
    fn the_cursor_is_always_between_letters(edits in prop::collection::vec(edit(), 0..60)) {
        let mut line = Line::default();
        for edit in &edits {
            apply(&mut line, edit);
            prop_assert!(line.text.is_char_boundary(line.cursor));
            prop_assert!(line.is_edge(line.cursor) || line.text.is_empty(), "{:?}", shown(&line));
        }
    }
}
