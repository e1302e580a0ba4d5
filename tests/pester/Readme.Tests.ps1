# What the README tells a user to type at a PowerShell prompt, typed, with small sizes.

BeforeDiscovery {
    $root = Split-Path (Split-Path $PSScriptRoot)
    $pages = @(Get-Item (Join-Path $root 'README.md')) + @(Get-ChildItem (Join-Path $root 'docs') -Filter *.md)
    $blocks = foreach ($page in $pages) {
        $number = 0
        foreach ($match in [regex]::Matches((Get-Content $page -Raw), '(?ms)^```powershell\r?\n(.*?)^```')) {
            $number++
            @{ Name = "$($page.Name), block $number"; Code = $match.Groups[1].Value }
        }
    }
}

Describe 'Commands of the documentation' {
    BeforeAll {
        $root = Split-Path (Split-Path $PSScriptRoot)
        Import-Module (Join-Path $root 'Datamodels.psd1')
        $out = Join-Path $TestDrive 'out'
        New-Item $out -ItemType Directory | Out-Null
        Push-Location $root

        # The same commands on fewer models, into a folder that goes away.
        function Small([string] $code) {
            $code -replace '-Count \d+', '-Count 40' -replace '-Retrainings \d+', '-Retrainings 2' -replace '\bout/', "$out/"
        }
    }

    AfterAll { Pop-Location }

    # One after the other, as a reader goes: a later block uses the run of an earlier one.
    It 'run as they are written: <Name>' -ForEach $blocks {
        $ErrorActionPreference = 'Stop'
        { . ([scriptblock]::Create((Small $Code))) } | Should -Not -Throw
    }

    It 'name every cmdlet of the module' {
        $readme = Get-Content README.md -Raw
        $named = [regex]::Matches($readme, '(?m)^\| `([A-Z][a-z]+-\w+)`') | ForEach-Object { $_.Groups[1].Value } | Sort-Object
        $named | Should -Be ((Get-Module Datamodels).ExportedCmdlets.Keys | Sort-Object)
    }
}
