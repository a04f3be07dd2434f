"""Program code that a server would run: PHP, Python, Java, Node, Ruby, classic ASP."""

from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Rule, RuleSet

_SIGNS: Final = (
    "<?", "system(", "exec(", "eval", "passthru", "phpinfo", "shell_exec", "popen", "assert(", "base64_decode",
    "call_user_func", "file_get_contents", "create_function", "preg_replace", "$_", "__import__",
    "subprocess", "os.", "getruntime", "processbuilder", "child_process", "require(", "process.", "server.",
    "wscript", "new date", "while(", "function", "execute", "import ", "__builtins__", "globals()", "compile(",
    "createobject", "mainmodule", "reflect.", "file_put_contents", "fsockopen", "proc_open", "include(", "print(",
    "sleep(", "invoke", "kernel.", "open(", "echo", "response.write", "chr(", "${@",
)  # fmt: skip

_RULES: Final = RuleSet(
    Rule(
        "code.php-tag", 0.9, "a PHP tag opens",
        r"<\?(?:php|=)|<\?\s?(?:echo|system|eval|exec|print|phpinfo|include|passthru|\$|@)|<%\s?(?:eval|execute"
        r"|response|runtime|@\s?page|=)",
    ),
    Rule(
        "code.php-call", 0.75, "a function of PHP that runs or reads things is called",
        r"(?:^|[;{(}'\"\s.=,@|&`!\x00])(?:shell_exec|passthru|proc_open|popen|pcntl_exec|phpinfo|assert"
        r"|create_function|call_user_func(?:_array)?|file_(?:get|put)_contents|fsockopen|base64_decode|gzinflate"
        r"|str_rot13|move_uploaded_file|show_source|highlight_file|readfile|extract|ini_set|putenv|print_r"
        r"|var_dump)\s?\([^)]"
        r"|\bphpinfo\s?\(\s?\)|\$_(?:get|post|request|cookie|server|files|session)\s?\[|\$\{@?\w+\("
        r"|\bpreg_replace\s?\(['\"].*/e['\"]",
    ),
    Rule(
        "code.system", 0.7, "a command is handed to the system",
        r"(?:^|[;{(}'\"\s.=,@|&`!])(?:system|exec|popen|shell|spawn(?:sync)?|execsync|execfile)\s?\(\s?(?:['\"`$]"
        r"|\w+\.|request)",
    ),
    Rule(
        "code.eval", 0.75, "text is run as code",
        r"(?:^|[;{(}'\"\s.=,@|&`!>-])ev\s?al\s?\(\s?(?:['\"`$(\w])|(?:^|\W)\beval\s?\(\s?[^)\s]|\bexecute\s?\(\s?\""
        r"|\bexecuteglobal\b|\bcompile\(\s?['\"]",
    ),
    Rule(
        "code.python", 0.9, "Python reaches for modules and files",
        r"__import__\s?\(|\bos\.(?:system|popen|execl?[pve]*|listdir|environ)\b\s?[(\[.]|\bsubprocess\.(?:popen"
        r"|call|run|check_output|getoutput)|\b__builtins__\b|\bgetattr\s?\(__|\bimport (?:os|socket|subprocess|pty"
        r"|sys)\s?(?:;|,|$|\n|\))|\bopen\s?\(\s?['\"]/(?:etc|proc)|\bfrom os import|\bpty\.spawn",
    ),
    Rule(
        "code.java", 0.9, "Java starts a process or reaches for classes",
        r"getRuntime\s?\(\s?\)|\bProcessBuilder\b\s?[(.]|java\.lang\.(?:Runtime|Process|Class|System)"
        r"|\bClass\.forName\s?\(|ScriptEngineManager|Runtime\.getRuntime|\.newInstance\s?\(|Reflect\.construct"
        r"|getDeclaredMethod",
    ),
    Rule(
        "code.node-process", 0.55, "Node looks at its own process",
        r"\bprocess\.(?:env|exit|kill|cwd|binding|version|platform)\b",
    ),
    Rule(
        "code.node", 0.9, "Node reaches for modules and processes",
        r"require\s?\(\s?['\"`](?:child_process|fs|net|os|http|vm|module|process)['\"`]|['\"]child_process['\"]"
        r"|\bchild_process\.|\bglobal\.process|\bprocess\.mainModule|import\s?\(\s?['\"]child_process|\bres\.(?:end|send|write)\s?\(",
    ),
    Rule(
        "code.script", 0.7, "statements of a script follow one another",
        r"(?:^|[;'\"})\d])\s?(?:var|let|const)\s+\w+\s?=\s?(?:new\s|function|this|\(|require)"
        r"|\bnew Date\s?\(\s?\)\s?;|\bdo\s?\{[^}]{0,80}\}\s?while\s?\(|\bwhile\s?\(\s?(?:1|true|!0)\s?\)"
        r"|['\"]\s?;\s?(?:while|for|do|function|throw|return)\b\s?[({\w]"
        r"|\bfunction\s?\w{0,20}\s?\([^)]{0,40}\)\s?\{[^}]{0,200}\}\s?\(?|\bnew\s+Function\s?\(",
    ),
    Rule(
        "code.asp", 0.8, "a script of classic ASP",
        r"server\.(?:scripttimeout|createobject|mappath|execute|transfer)|createobject\s?\(\s?['\"]|wscript\.shell"
        r"|response\.write\s?\(|on error resume next|scripting\.filesystemobject|\.shellexecute",
    ),
    Rule(
        "code.ruby", 0.85, "Ruby runs a command",
        r"\bKernel\.(?:system|exec|open|spawn)|\bIO\.popen|%x[({\[/]\S|\bFile\.(?:read|open|write)\s?\(\s?['\"]"
        r"|\bProcess\.spawn|`\s?\+\s?|instance_eval|send\(:",
    ),
    Rule(
        "code.print", 0.6, "a test of code execution is printed",
        r"(?:^|[;'\"(.])\s?(?:print|echo|die|printf|response\.write)\s?\(?\s?(?:md5\s?\(|\d+\s?[*+-]\s?\d+|sha1\("
        r"|chr\(|getmypid|phpversion)|^\s?print\s?\(\s?\d+\s?[*+]\s?\d+",
    ),
    Rule(
        "code.wait", 0.6, "a script is told to wait",
        r"(?:^|[;'\"\s.(])(?:time\.sleep|thread\.sleep|usleep|settimeout|sleep)\s?\(\s?\d+\s?\)\s?(?:;|\)|$|//|#|'"
        r"|\")",
    ),
)  # fmt: skip


def _look(view: View) -> Sighting | None:
    return _RULES.search(view.text)


DETECTOR: Final = Detector(AttackClass.CODE, _SIGNS, _look)
