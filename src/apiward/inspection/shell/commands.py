"""Programs of Unix and Windows, by what it takes to tell their call from a sentence."""

from typing import Final

PLAIN: Final = frozenset(
    """
    whoami ifconfig ipconfig netstat uname hostname printenv phpinfo pwd id env ls dir ps lsb_release lsblk
    tasklist systeminfo nslookup route arp df du free uptime true false reboot poweroff set getent dmesg groups
    ver vol lscpu lsof ss last lastlog crontab mount jobs history iptables logname tty arch
    """.split()
)
"""Commands that mean something without an argument."""
PROGRAMS: Final = PLAIN | frozenset(
    """
    cat tac more less head tail nl od xxd strings type find grep egrep awk gawk sed cut sort curl wget fetch
    lynx nc ncat netcat telnet ssh scp sftp ftp tftp ping ping6 traceroute tracert dig host nmap bash sh zsh ksh
    csh tcsh dash fish busybox python python2 python3 perl ruby php node nodejs java lua gcc cc make echo printf
    touch rm rmdir mkdir mv cp ln chmod chown kill killall pkill sleep timeout usleep exec eval source sudo su
    passwd useradd adduser net netsh reg sc schtasks wmic cmd powershell pwsh certutil bitsadmin rundll32
    regsvr32 mshta cscript wscript start copy xcopy del ren erase attrib icacls findstr tar zip unzip gzip
    base64 openssl xargs tee watch nohup vi vim nano ed git mysql mysqldump psql sqlite3 mail sendmail export
    alias unset read test rev dd service systemctl expr let setenv stat file which whereis socat screen tmux at
    time xterm gpg rsync apt yum apk npm pip whois finger resolve-dnsname invoke-expression invoke-webrequest
    iex iwr get-content
    """.split()
)
ENGLISH: Final = frozenset(
    """
    cat more less head tail type find cut sort fetch host test touch kill make echo start copy move set source
    service mail at time date file which watch expr read let export alias strings net finger reg screen stat del
    ren erase free last groups jobs history true false env top w who users split join look say open print
    install
    """.split()
)
"""Programs whose names are English words: only an option, a path or an address makes a call of them."""
UNMISTAKABLE: Final = frozenset(
    """
    sudo wget curl nslookup chmod chown netstat xxd busybox systemctl tasklist powershell ifconfig ipconfig rm
    certutil pkill killall crontab useradd iptables dmesg
    """.split()
)
"""Programs whose bare names nobody writes behind a separator but to run them."""
