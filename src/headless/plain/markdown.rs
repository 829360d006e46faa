//! A lesson's text as plain words: emphasis is dropped, code keeps its backquotes, lists and tables
//! become lines.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::said::Said;

/// Columns by which a list within a list, and a block of code, are moved in.
const INDENT: usize = 2;

/// What `markdown` says.
pub fn plain(markdown: &str) -> Vec<Said> {
    let mut reader = Reader::default();
    for event in Parser::new_ext(markdown.trim(), Options::ENABLE_TABLES) {
        reader.take(event);
    }
    reader.end_block();
    while reader.said.last() == Some(&Said::Blank) {
        reader.said.pop();
    }
    reader.said
}

/// What `markdown` says, as one line: for what stands in a sentence of ours.
pub fn line(markdown: &str) -> String {
    let said = plain(markdown).into_iter();
    let words = said.filter_map(|said| match said {
        Said::Words { sign, text } => Some(sign + &text),
        Said::Exact(text) | Said::Command(_, text) => Some(text),
        Said::Blank => None,
    });
    words.collect::<Vec<_>>().join(" ")
}

#[derive(Default)]
struct Reader {
    said: Vec<Said>,
    /// The words of the block under way, and the sign before them.
    text: String,
    sign: String,
    /// The lists that we are in: the number of the next item, or none.
    lists: Vec<Option<u64>>,
    /// Is this block of code?
    code: bool,
    /// Where the links that we are in lead.
    links: Vec<String>,
    /// The head of the table that we are in, and the cells of the present row.
    head: Vec<String>,
    cells: Vec<String>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.code => self.code_lines(&text),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text += &text,
            Event::Code(text) => self.text.extend(["`", &text, "`"]),
            Event::SoftBreak => self.text.push(' '),
            Event::HardBreak => self.end_words(),
            Event::Rule => self.end_block(),
            // Not switched on.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.text += &text;
            }
            Event::TaskListMarker(done) => {
                self.text += if done { "done: " } else { "to do: " };
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(first) => {
                self.end_words();
                self.lists.push(first);
            }
            Tag::Item => self.sign = self.item(),
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.end_words();
                self.code = true;
            }
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.links.push(dest_url.to_string());
            }
            Tag::Table(_) => self.head.clear(),
            Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::BlockQuote(_)
            | Tag::HtmlBlock
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::TableHead
            | Tag::TableRow
            | Tag::TableCell
            | Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph if !self.lists.is_empty() => self.end_words(),
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::BlockQuote(_)
            | TagEnd::HtmlBlock
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::Table => self.end_block(),
            TagEnd::CodeBlock => {
                self.code = false;
                self.end_block();
            }
            TagEnd::Item | TagEnd::DefinitionListTitle | TagEnd::DefinitionListDefinition => {
                self.end_words();
            }
            TagEnd::List(_) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.end_block();
                }
            }
            TagEnd::Link | TagEnd::Image => {
                let target = self.links.pop().unwrap_or_default();
                if !target.is_empty() && !self.text.ends_with(&target) {
                    self.text.extend([" (", &target, ")"]);
                }
            }
            TagEnd::TableCell => self.cells.push(std::mem::take(&mut self.text)),
            TagEnd::TableHead => self.head = std::mem::take(&mut self.cells),
            TagEnd::TableRow => self.row(),
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    /// The sign of the next item.
    fn item(&mut self) -> String {
        let indent = " ".repeat(INDENT * self.lists.len().saturating_sub(1));
        match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{indent}{}. ", *number - 1)
            }
            Some(None) | None => format!("{indent}- "),
        }
    }

    /// A row of a table: each cell behind the name of its column.
    fn row(&mut self) {
        let cells = std::mem::take(&mut self.cells).into_iter().enumerate();
        let named = cells.map(|(index, cell)| match self.head.get(index) {
            Some(name) if !name.is_empty() => format!("{name}: {cell}"),
            Some(_) | None => cell,
        });
        let text = named.collect::<Vec<_>>().join("; ");
        self.said.push(Said::behind("- ", text));
    }

    fn code_lines(&mut self, text: &str) {
        let indent = " ".repeat(INDENT * 2);
        let lines = text
            .lines()
            .map(|line| Said::Exact(format!("{indent}{line}")));
        self.said.extend(lines);
    }

    fn end_words(&mut self) {
        let text = std::mem::take(&mut self.text);
        let sign = std::mem::take(&mut self.sign);
        if !text.trim().is_empty() {
            self.said.push(Said::behind(sign, text.trim()));
        }
    }

    fn end_block(&mut self) {
        self.end_words();
        if self.said.last().is_some_and(|last| *last != Said::Blank) {
            self.said.push(Said::Blank);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(markdown: &str) -> String {
        let said = plain(markdown);
        let rows: Vec<String> = said.iter().flat_map(|said| said.rows(None)).collect();
        rows.join("\n")
    }

    #[test]
    fn emphasis_goes_and_code_stays() {
        assert_eq!(
            text("A **veth pair** has\n*two* ends: `clink1` and\n`hlink1`.\n\nNext."),
            "A veth pair has two ends: `clink1` and `hlink1`.\n\nNext."
        );
        assert_eq!(line("See\n`this` **now**."), "See `this` now.");
    }

    #[test]
    fn lists_stay_lists() {
        assert_eq!(
            text("So:\n\n- one\n  goes on\n- two\n  1. inner\n  2. more\n\nEnd."),
            "So:\n\n- one goes on\n- two\n  1. inner\n  2. more\n\nEnd."
        );
    }

    #[test]
    fn a_table_names_each_cell() {
        assert_eq!(
            text("| chain | when |\n|---|---|\n| INPUT | for `us` |\n| OUTPUT | from us |"),
            "- chain: INPUT; when: for `us`\n- chain: OUTPUT; when: from us"
        );
    }

    #[test]
    fn blocks_of_code_keep_their_lines_and_links_say_where_they_lead() {
        assert_eq!(
            text("# Title\n```\nip a\n  b\n```\n[here](https://example.org) <https://example.org>"),
            "Title\n\n    ip a\n      b\n\nhere (https://example.org) https://example.org"
        );
    }
}
