BeforeAll {
    & "$PSScriptRoot/Import-Datamodels.ps1"
    & "$PSScriptRoot/New-SmallDigits.ps1" "$TestDrive/small.csv"
    $learner = New-Learner -Hidden 16
    $data = Import-TrainingData "$TestDrive/small.csv" -TestSize 10 -Scaling UnitRange -ImageShape 8x8
    $run = $data | Start-SubsetTraining "$TestDrive/run" -Count 1000 -Learner $learner
    $datamodels = $run | Invoke-DatamodelFit

    # The page, and the sections that it has.
    function Read-Report([string] $Path) { [xml](Get-Content $Path -Raw) }
    function Get-Section([string] $Path) { (Read-Report $Path).html.body.main.section.id }
}

Describe 'Export-DatamodelReport' {
    It 'has a section for <Name>' -ForEach @(
        @{ Name = 'data'; Sections = 'data'; Make = { $data } }
        @{ Name = 'predictions'; Sections = 'run', 'predictions'
            Make = { $datamodels[0, 1] | Get-DatamodelPrediction -Remove (0..9) } }
        @{ Name = 'a run'; Sections = 'run'; Make = { $run } }
        @{ Name = 'datamodels'; Sections = 'run', 'datamodels'; Make = { $datamodels } }
        @{ Name = 'influencers'; Sections = 'datamodels'; Make = { $datamodels | Get-Influencers -Top 2 } }
        @{ Name = 'brittle sets'; Sections = 'run', 'brittle'; Make = { $datamodels | Find-BrittleSet } }
        @{ Name = 'verified sets'; Sections = 'run', 'brittle'
            Make = { $datamodels | Find-BrittleSet | Test-BrittleSet -Search -RetrainingCount 2 } }
        @{ Name = 'brittleness'; Sections = 'brittle'; Make = { $datamodels | Find-BrittleSet | Measure-BrittleSet } }
        @{ Name = 'counterfactuals'; Sections = 'run', 'counterfactuals'
            Make = { $datamodels[0, 1] | Invoke-Counterfactual -Size 5, 10 -RetrainingCount 2 } }
        @{ Name = 'how well they are predicted'; Sections = 'counterfactuals'
            Make = { $datamodels[0, 1] | Invoke-Counterfactual -Size 5, 10 -RetrainingCount 2 | Measure-Counterfactual } }
        @{ Name = 'measures'; Sections = 'run', 'measures'
            Make = { $datamodels | Measure-Datamodel -SubsetCount 5 -RetrainingCount 2 -ModelCount 500, 1000 } }
        @{ Name = 'attribution methods'; Sections = 'attribution'
            Make = { $run | Compare-Attribution Datamodel, RandomSameClass -SubsetCount 5 -RetrainingCount 2 -NetworkCount 2 } }
        @{ Name = 'what a method ranks first'; Sections = 'attribution'
            Make = { $run | Get-Attribution EmpiricalInfluence -Target 0, 1 -Top 3 } }
        @{ Name = 'leaks'; Sections = 'leaks'; Make = { $datamodels | Find-DataLeak } }
        @{ Name = 'components'; Sections = 'run', 'embedding'; Make = { $datamodels | Get-DatamodelEmbedding 3 } }
        @{ Name = 'effects of components'; Sections = 'run', 'embedding'
            Make = { $datamodels | Get-DatamodelEmbedding 2 | Test-EmbeddingComponent -RetrainingCount 2 } }
        @{ Name = 'clusters'; Sections = 'run', 'clusters'
            Make = {
                $data | Start-SubsetTraining "$TestDrive/self" -Count 1000 -Learner $learner -TargetSet Train -Target (0..39) |
                    Invoke-DatamodelFit | Get-DatamodelGraph | Get-DatamodelCluster 3
            } }
        @{ Name = 'a graph'; Sections = 'run', 'clusters'
            Make = { Get-SubsetTraining "$TestDrive/self" | Invoke-DatamodelFit | Get-DatamodelGraph } }
    ) {
        & $Make | Export-DatamodelReport "$TestDrive/kind.html" -Force
        Get-Section "$TestDrive/kind.html" | Should -Be $Sections
    }

    It 'sorts what comes in any order, in lists and in lists of them, and leaves out what is empty' {
        $leaks = $datamodels | Find-DataLeak
        $leaks, $null, @(), ($datamodels[0..4], $datamodels[5..9]), $run | Export-DatamodelReport "$TestDrive/order.html"
        Get-Section "$TestDrive/order.html" | Should -Be 'run', 'datamodels', 'leaks'
        $page = Read-Report "$TestDrive/order.html"
        $page.SelectNodes("//section[@id='datamodels']//article").Count | Should -Be 10
        $page.SelectNodes("//section[@id='leaks']//tbody/tr").Count | Should -Be $leaks.Count
        Export-DatamodelReport "$TestDrive/named.html" -InputObject ($leaks + $run + $datamodels)
        Get-Content "$TestDrive/named.html" -Raw | Should -BeExactly (Get-Content "$TestDrive/order.html" -Raw)
    }

    It 'shows the digits themselves, the weight of each, and its number and class' {
        $datamodels | Export-DatamodelReport "$TestDrive/pictures.html" -Top 3
        $cards = (Read-Report "$TestDrive/pictures.html").SelectNodes("//section[@id='datamodels']//article")
        $cards.Count | Should -Be 3
        $strongest = $datamodels | Get-Influencers -Top 1 | Sort-Object { -[math]::Abs($_.Weight) } | Select-Object -First 1
        $cards[0].SelectSingleNode('.//h3').InnerText | Should -Be "Target $($strongest.Target)$($strongest.TargetLabel)"
        $pictures = $cards[0].SelectNodes(".//img[starts-with(@src, 'data:image/png;base64,')]")
        $pictures.Count | Should -Be 11
        $pictures.alt | Should -Contain "Picture of training example $($strongest.Example)"
        $cards[0].SelectNodes(".//span[@class='example helps']/b").InnerText[0] | Should -Match '^\+\d\.\d{3}$'
    }

    It 'takes the result of an experiment apart' {
        Set-Content "$TestDrive/experiment.yaml" @'
data: { path: small.csv, testSize: 10, scaling: UnitRange, imageShape: 8x8 }
learner: { hidden: [16] }
subsets: { alpha: 0.5, count: 400 }
brittle: { targets: 3, retrainings: 2, sizeFactors: [1, 1.2] }
heldOut: [{ alpha: 0.5, subsets: 5, retrainings: 2, seed: 1 }]
output: experiment
'@
        Invoke-DatamodelExperiment "$TestDrive/experiment.yaml" | Export-DatamodelReport "$TestDrive/experiment.html"
        Get-Section "$TestDrive/experiment.html" | Should -Be 'run', 'datamodels', 'brittle', 'measures'
        Get-Content "$TestDrive/experiment.html" -Raw | Should -Match 'Right on average</dt><dd>\d+\.\d %'
    }

    It 'has the title it is given, whatever is in it' {
        $run | Export-DatamodelReport "$TestDrive/title.html" -Title '<b>"Größe" & 漢字</b>'
        (Read-Report "$TestDrive/title.html").html.body.header.h1 | Should -Be '<b>"Größe" & 漢字</b>'
        $run | Export-DatamodelReport "$TestDrive/untitled.html"
        (Read-Report "$TestDrive/untitled.html").html.head.title | Should -Be 'Datamodels of small'
    }

    It 'gives the file when it is asked to, and nothing else' {
        $run | Export-DatamodelReport "$TestDrive/quiet.html" | Should -BeNullOrEmpty
        $file = $run | Export-DatamodelReport "$TestDrive/[quiet].html" -PassThru
        $file.Name | Should -Be '[quiet].html'
        [System.IO.File]::ReadAllText($file.FullName) | Should -BeExactly (Get-Content "$TestDrive/quiet.html" -Raw)
        Get-ChildItem $TestDrive -Filter *.writing | Should -BeNullOrEmpty
    }

    It 'replaces a file only when told to, and says so before the first object comes' {
        Set-Content "$TestDrive/there.html" 'mine'
        $made = [ref]0
        { & { $made.Value++; $run } | Export-DatamodelReport "$TestDrive/there.html" } |
            Should -Throw '*there.html*-Force*' -ErrorId 'FileExists,*'
        $made.Value | Should -Be 0
        Get-Content "$TestDrive/there.html" | Should -Be 'mine'
        $run | Export-DatamodelReport "$TestDrive/there.html" -Force
        Get-Section "$TestDrive/there.html" | Should -Be 'run'
    }

    It 'writes nothing for -WhatIf' {
        $run | Export-DatamodelReport "$TestDrive/not.html" -WhatIf -PassThru | Should -BeNullOrEmpty
        "$TestDrive/not.html" | Should -Not -Exist
    }

    It 'says what it does not know and what it takes, and writes the rest' {
        $learner, $run, 'text' | Export-DatamodelReport "$TestDrive/rest.html" -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be (@('ReportKindUnknown,*') * 2 -replace '\*',
            'Datamodels.PowerShell.Commands.ExportDatamodelReportCommand')
        $errors[0].Exception.Message | Should -BeLike '*NetworkLearner*takes TrainingData, SubsetTraining,*'
        $errors[0].TargetObject | Should -Be $learner
        $errors[0].CategoryInfo.Category | Should -Be InvalidArgument
        Get-Section "$TestDrive/rest.html" | Should -Be 'run'
    }

    It 'refuses a report of nothing, a folder that is not there, and fewer than one row' {
        { @() | Export-DatamodelReport "$TestDrive/none.html" -ErrorAction Stop } | Should -Throw -ErrorId 'ReportEmpty,*'
        { $run | Export-DatamodelReport "$TestDrive/nowhere/report.html" } | Should -Throw -ErrorId 'FolderNotFound,*'
        { $run | Export-DatamodelReport "$TestDrive/none.html" -Top 0 } | Should -Throw -ErrorId 'ParameterArgumentValidation*'
        "$TestDrive/none.html" | Should -Not -Exist
    }

    It 'takes found sets together with the same sets, verified' {
        $found = $datamodels | Find-BrittleSet
        $verified = $found | Test-BrittleSet -RetrainingCount 2
        $verified | Export-DatamodelReport "$TestDrive/verified.html"
        $found, $verified | Export-DatamodelReport "$TestDrive/both.html"
        Get-Content "$TestDrive/both.html" -Raw | Should -BeExactly (Get-Content "$TestDrive/verified.html" -Raw)
    }

    It 'tells two runs apart, and refuses what does not say its run' {
        $other = $data | Start-SubsetTraining "$TestDrive/other" -Count 400 -Learner $learner -Seed 2
        $others = $other | Invoke-DatamodelFit
        $datamodels, $others | Find-BrittleSet | Export-DatamodelReport "$TestDrive/runs.html"
        (Read-Report "$TestDrive/runs.html").SelectNodes("//section[@id='brittle']/h3").InnerText | Should -Be 'run', 'other'
        { $run, $other, ($others | Get-Influencers) | Export-DatamodelReport "$TestDrive/mixed.html" -ErrorAction Stop } |
            Should -Throw '*2 runs (run, other)*export each run by itself*' -ErrorId 'ReportRunUnknown,*'
        { $datamodels, $others | Get-Influencers | Export-DatamodelReport "$TestDrive/mixed.html" -ErrorAction Stop } |
            Should -Throw -ErrorId 'ReportRunUnknown,*'
        "$TestDrive/mixed.html" | Should -Not -Exist
    }

    It 'says which target is counted twice' {
        $sets = $datamodels | Find-BrittleSet
        { @($sets) + @($datamodels | Find-BrittleSet -Threshold 1) |
            Export-DatamodelReport "$TestDrive/twice.html" -ErrorAction Stop } | Should -Throw -ErrorId 'TargetMeasuredTwice,*'
        "$TestDrive/twice.html" | Should -Not -Exist
    }
}
