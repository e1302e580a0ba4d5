# docs/tutorial.md as its reader goes through it: every command, and what the page says that it shows.

BeforeDiscovery {
    $page = Get-Content (Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'docs/tutorial.md') -Raw
    $number = 0
    $blocks = foreach ($match in [regex]::Matches($page, '(?ms)^```powershell\r?\n(.*?)^```(?:\s*^```text\r?\n(.*?)^```)?')) {
        $number++
        @{ Number = $number; Code = $match.Groups[1].Value; Expected = $match.Groups[2].Value }
    }
}

Describe 'The tutorial' {
    BeforeAll {
        $root = Split-Path (Split-Path $PSScriptRoot)
        $manifest = & "$PSScriptRoot/Import-Datamodels.ps1"
        Copy-Item (Join-Path $root 'examples/iris') (New-Item "$TestDrive/examples" -ItemType Directory) -Recurse
        $null = New-Item "$TestDrive/out" -ItemType Directory
        $here = (Get-Item $TestDrive).FullName

        # One session for all blocks: a later one uses the variables of an earlier one.
        $shell = [powershell]::Create()
        $null = $shell.AddScript({
            param($module, $here)
            Import-Module $module
            Set-Location $here
            $ErrorActionPreference = 'Stop'
        }).AddArgument($manifest).AddArgument($here).Invoke()

        # Columns are as wide as what is in them, and paths are of the machine.
        function Plain([string] $Text) {
            $lines = $Text -replace "$([regex]::Escape($here))[\\/]", '' -replace '\\', '/' -split '\r?\n'
            $lines -replace '-{3,}', '---' -replace '\s+', ' ' | ForEach-Object Trim | Where-Object { $_ }
        }
    }

    AfterAll { $shell.Dispose() }

    It 'shows what it says: block <Number>' -ForEach $blocks {
        $shell.Commands.Clear()
        $null = $shell.AddScript(($Code -replace '(?m)^Import-Module .*$', ''))
        $null = $shell.AddCommand('Out-String').AddParameter('Width', 200)
        $shown = $shell.Invoke()
        $shell.Streams.Error | Should -BeNullOrEmpty
        Plain $shown | Should -Be (Plain $Expected)
    }
}
