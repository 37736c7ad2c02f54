"""What the server may say of a field that it refuses: the sentences that become a core::FieldError, found in the source.

Calls are followed by name: a function that passes a parameter on as such a sentence is asked what it is called with. What is put
together has {} where something is filled in.
"""

import collections
import dataclasses
import pathlib
import re

FOLDERS = ("core", "storage", "records", "ingest", "scanners", "webui", "server", "index", "printing")
LITERAL = r'"(?:\\.|[^"\\])*"'
LITERALS = re.compile(rf"(?:{LITERAL}\s*)+")
FUNCTION = re.compile(r"^(?: {2})?(?!return|throw|else|if|for|while|switch)[\w:<>,&*\[\] ]+?[ &*](?:\w+::)*(\w+)\(", re.M)
LAMBDA = re.compile(r"const auto (\w+) = \[[^\]]*\]\(")
BODY = re.compile(r"\s*(?:const|noexcept|override|mutable|->\s*[\w:<>]+|\s)*\{")
CONSTANT = re.compile(rf"constexpr (?:std::string_view|const char\*|char) (k\w+)(?:\[\])?\s*=\s*({LITERALS.pattern})")
DECLARED = re.compile(r"(?:const )?[\w:<>]+[ &*]+\w+(?: = .*)?")
# Functions whose parameter becomes such a sentence on a way that is not followed: file, name, which parameter.
ASKED = (("storage/custom_values.cpp", "only_if", 2), ("records/plan_csv.cpp", "refuse", 2))


def without_comments(text):
    return re.sub(rf"({LITERAL})|//[^\n]*|(?<=\W)'(?:\\.|[^'\\])'", lambda found: found.group(1) or " ", text)


def pieces(text, mark):
    """`text` parted at each `mark` that is in no bracket and no literal; an unopened bracket ends it."""
    found, depth, start, at = [], 0, 0, 0
    while at < len(text):
        sign = text[at]
        if sign == '"':
            at = re.compile(LITERAL).match(text, at).end() - 1
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
            if depth < 0:
                break
        elif sign == mark and depth == 0 and "::" not in text[at - 1:at + 2]:
            found.append(text[start:at].strip())
            start = at + 1
        at += 1
    return found + [text[start:at].strip()] if text[start:at].strip() else found


def end_of(text, at):
    """Behind the bracket that closes the one at `at`."""
    depth = 0
    for sign in re.compile(rf"{LITERAL}|[()\[\]{{}}]").finditer(text, at):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(sign.group(), 0)
        if depth == 0:
            return sign.end()
    return len(text)


def words(literals):
    return "".join(re.sub(r"\\(.)", r"\1", literal[1:-1]) for literal in re.findall(LITERAL, literals))


@dataclasses.dataclass
class Function:
    name: str
    parameters: list
    start: int
    end: int


class Refusals:
    """`sentences`: by sentence, where it is said. `unfollowed`: what could not be traced, as (place, expression)."""

    def __init__(self, root):
        sources = [path for folder in FOLDERS for path in sorted((root / folder).rglob("*"))
                   if path.suffix in (".cpp", ".h") and path.relative_to(root).parts[:2] != ("webui", "app")]
        self.texts = {str(path.relative_to(root)): without_comments(path.read_text()) for path in sources}
        self.functions = {file: self.functions_in(text) for file, text in self.texts.items()}
        self.constants = {name: words(value) for text in self.texts.values() for name, value in CONSTANT.findall(text)}
        self.sentences = collections.defaultdict(set)
        self.unfollowed = []
        self.asked = set()
        for file in self.texts:
            self.look_at(file)
        for file, name, index in ASKED:
            self.ask(file, name, index)

    @staticmethod
    def functions_in(text):
        found = []
        for pattern in (FUNCTION, LAMBDA):
            for head in pattern.finditer(text):
                closed = end_of(text, head.end() - 1)
                body = BODY.match(text, closed)
                if not body:
                    continue
                names = [re.search(r"(\w*)$", re.sub(r"\s*=.*", "", parameter)).group(1) for parameter in pieces(text[head.end():closed - 1], ",")]
                found.append(Function(head.group(1), names, head.start(), end_of(text, body.end() - 1)))
        return found

    def look_at(self, file):
        text = self.texts[file]
        for call in re.finditer(r"\bError\(", text):
            for argument in pieces(text[call.end():], ",")[2:3]:
                if argument.startswith("{{"):
                    for field in pieces(argument[1:-1], ","):
                        self.note(pieces(field[1:-1], ",")[1], file, call.start())
                elif not argument.startswith("std::move(") and not DECLARED.fullmatch(argument):
                    self.unfollowed.append((self.place(file, call.start()), argument))
        if "FieldError>" in text:
            for call in re.finditer(r"\.push_back\(\{", text):
                self.note(pieces(text[call.end():], ",")[1], file, call.start())

    def place(self, file, at):
        return f"{file}:{self.texts[file].count(chr(10), 0, at) + 1}"

    def note(self, expression, file, at):
        for sentence in filter(re.compile("[A-Za-z]").search, self.said(expression, file, at, frozenset())):
            self.sentences[sentence].add(self.place(file, at))

    def said(self, expression, file, at, seen):
        """What the expression may be, in words."""
        wrapped = re.fullmatch(r"std::string(?:_view)?[({](.*)[)}]", expression, re.S)
        if wrapped and end_of(expression, expression.index(wrapped.group(1)) - 1) == len(expression):
            return self.said(wrapped.group(1).strip(), file, at, seen)
        question = pieces(expression, "?")
        if len(question) == 2:
            return [sentence for branch in pieces(question[1], ":") for sentence in self.said(branch, file, at, seen)]
        if LITERALS.fullmatch(expression):
            return [words(expression)]
        if expression == "nullptr":
            return []
        if expression in self.constants:
            return [self.constants[expression]]
        parts = pieces(expression, "+")
        if len(parts) > 1:
            return ["".join(self.part(part) for part in parts)]
        if re.fullmatch(r"\w+", expression):
            traced = self.traced(expression, file, at, seen)
            if traced is not None:
                return traced
        self.unfollowed.append((self.place(file, at), expression))
        return []

    def part(self, part):
        name = re.sub(r"^std::string\((\w+)\)$", r"\1", part)
        return words(part) if LITERALS.fullmatch(part) else self.constants.get(name, "{}")

    def traced(self, name, file, at, seen):
        """What a variable may hold; None when nothing tells. What a parameter may be is noted where the function is called."""
        text = self.texts[file]
        around = sorted((each for each in self.functions[file] if each.start <= at < each.end), key=lambda each: each.end - each.start)
        for function in around:
            if name in function.parameters:
                self.ask(file, function.name, function.parameters.index(name))
                return []
            body = text[function.start:function.end]
            given = [re.match(rf'(?:[^;"]|{LITERAL})*', body[found.end():]).group().strip()
                     for found in re.finditer(rf"(?<!\w){name}\s*\+?=(?!=)", body)]
            given += [body[found.end():end_of(body, found.end() - 1) - 1].strip() for found in re.finditer(rf"std::string(?:_view)? {name}[({{]", body)]
            if given:
                return [sentence for each in given if (name, each) not in seen
                        for sentence in self.said(each, file, function.start, seen | {(name, each)})]
        return None

    def ask(self, file, name, index):
        """Notes what `name` of that file is called with: everywhere if a header declares it, where no other is called so."""
        if (file, name, index) in self.asked:
            return
        self.asked.add((file, name, index))
        public = name in self.declared_in(file[:-4] + ".h" if file.endswith(".cpp") else file)
        for other, text in self.texts.items():
            heads = [each for each in self.functions[other] if each.name == name]
            if other != file and (heads or not public):
                continue
            for call in re.finditer(rf"(?<!\w){name}\(", text):
                arguments = pieces(text[call.end():], ",")
                is_head = any(text.count("(", each.start, call.end()) == 1 for each in heads)
                if not is_head and len(arguments) > index and not DECLARED.fullmatch(arguments[index]):
                    self.note(arguments[index], other, call.start())

    def declared_in(self, header):
        return re.findall(r"(\w+)\(", self.texts.get(header, ""))


def refusals(root=pathlib.Path(__file__).parents[2]):
    return Refusals(root)


if __name__ == "__main__":
    found = refusals()
    for sentence in sorted(found.sentences):
        print(sentence, "  ", *sorted(found.sentences[sentence]))
    for place, expression in found.unfollowed:
        print(f"{place}: cannot tell what {expression} says")
