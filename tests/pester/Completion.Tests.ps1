BeforeAll {
    $root = Resolve-Path "$PSScriptRoot/../.."
    $null = & "$PSScriptRoot/Import-Datamodels.ps1"
    & "$PSScriptRoot/New-SmallDigits.ps1" "$TestDrive/small.csv"
    Push-Location $TestDrive
    $data = Import-TrainingData small.csv -TestSize 10 -Scaling UnitRange
    $run = $data | Start-SubsetTraining 'a study/one/run' -Count 5 -Learner (New-Learner -Hidden 4 -EpochCount 1)
    $null = $data | Start-SubsetTraining alone -Count 5 -Learner (New-Learner -Hidden 4 -EpochCount 1)
    $null = New-Item other -ItemType Directory
    Set-Content notes.txt, experiment.yaml 'x'

    # What Tab offers at the end of a line.
    function Complete([string] $Line) { (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches }

    # Paths as they are on every system.
    function Complete-Path([string] $Line) { (Complete $Line).CompletionText -replace '\\', '/' -replace '^(''?)\./', '$1' }
}

AfterAll { Pop-Location }

Describe 'Completion of paths' {
    It 'offers runs first, the nearest before those some folders down, then the folders on the way to others' {
        Complete-Path 'Get-SubsetTraining ' | Should -Be 'alone', "'a study/one/run'", "'a study'", 'other'
        Complete-Path 'Start-SubsetTraining -Path al' | Should -Be 'alone'
        Complete-Path 'Get-SubsetTraining ./a' | Should -Be 'alone', "'a study/one/run'", "'a study'"
        Complete-Path "Get-SubsetTraining 'a study/" | Should -Be "'a study/one/run'", "'a study/one'"
    }

    It 'offers what the cmdlet reads, and nothing that is inside a run' {
        Complete-Path 'Import-TrainingData ' | Should -Be 'small.csv', "'a study'", 'alone', 'other'
        Complete-Path 'Import-TrainingData x -TestPath sm' | Should -Be 'small.csv'
        Complete-Path 'Invoke-DatamodelExperiment ' | Should -Be 'experiment.yaml', "'a study'", 'alone', 'other'
    }

    It 'gives paths that the cmdlet takes as they are' {
        $null = $data | Start-SubsetTraining "it's [new]" -Count 5 -Learner (New-Learner -Hidden 4 -EpochCount 1)
        $offered = (Complete 'Get-SubsetTraining it').CompletionText
        $offered | Should -HaveCount 1
        (Invoke-Expression "Get-SubsetTraining $offered").Path | Should -BeLike '*new`]'
        Remove-Item -LiteralPath "it's [new]" -Recurse
    }

    It 'offers every folder beside one that holds many others' {
        $null = 1..210 | ForEach-Object { New-Item "many/aaa/$_" -ItemType Directory -Force }
        $null = New-Item 'many/bbb', 'many/zzz' -ItemType Directory
        Complete-Path 'Get-SubsetTraining many/' | Should -Be 'many/aaa', 'many/bbb', 'many/zzz'
        Remove-Item many -Recurse
    }

    It 'leaves paths that may be of anything to PowerShell' {
        Complete-Path 'Export-Datamodel no' | Should -Be 'notes.txt'
        Complete-Path 'Import-SubsetTraining al' | Should -Be 'alone'
    }
}

Describe 'Completion of classes' {
    It 'offers those of the data that the pipeline begins with' {
        $others = Import-TrainingData small.csv -TestSize 10
        $others | Should -Not -BeNullOrEmpty
        $offered = Complete '$run | Invoke-DatamodelFit | Find-BrittleSet -Mode Flip -Class '
        $offered.CompletionText | Should -Be @($data.Classes)
        (Complete '$run | Invoke-DatamodelFit | Find-BrittleSet -Mode Flip -Class 1').CompletionText |
            Should -Be @($data.Classes -like '1*')
    }

    It 'offers those of a run that is named' {
        (Complete 'Get-SubsetTraining alone | Invoke-DatamodelFit | Find-BrittleSet -Mode Flip -Class ').CompletionText |
            Should -Be @($data.Classes)
    }

    It 'offers those of everything in the session where nothing is named' {
        'cat', 'dog', 'it''s' | ForEach-Object { "1,$_`n2,$_" } | Set-Content animals.csv
        $animals = Import-TrainingData animals.csv -TestSize 0.5
        $animals.Classes | Should -HaveCount 3
        $offered = (Complete 'Find-BrittleSet -Mode Flip -Class ').CompletionText
        $offered | Should -Contain 'cat'
        $offered | Should -Contain "'it''s'"
        $offered | Should -Contain "$($data.Classes[0])"
        (Complete '$animals | Find-BrittleSet -Mode Flip -Class d').CompletionText | Should -Be 'dog'
    }
}

Describe 'Completion of learners' {
    It 'offers the variables that hold one, and a new one of each kind' {
        $softmax = New-Learner Softmax
        $offered = Complete 'Start-SubsetTraining -Learner '
        $offered.CompletionText | Should -Contain '$softmax'
        $offered.CompletionText | Should -Contain '(New-Learner Perceptron)'
        ($offered | Where-Object CompletionText -EQ '$softmax').ToolTip | Should -Be "$softmax"
        foreach ($one in $offered.CompletionText) { (Invoke-Expression $one).Epochs | Should -Be 20 }
    }

    It 'offers kinds, and a layer of each sort, which it takes' {
        (Complete 'New-Learner ').CompletionText | Should -Be Convolutional, Perceptron, Softmax
        $offered = (Complete 'New-Learner -Layer ').CompletionText
        $offered | Should -HaveCount 9
        (Complete "New-Learner -Layer 'conv 16 3x3', re").CompletionText |
            Should -Be "'relu'", "'residual(conv 16 3x3, batchNorm, relu)'"
        $layers = $offered | ForEach-Object { Invoke-Expression $_ }
        $made = (New-Learner -Layer $layers).Layers
        $made | Should -HaveCount 9
        $sorts = $made[0].GetType().Assembly.GetTypes() | Where-Object BaseType -EQ $made[0].GetType().BaseType
        ($made | ForEach-Object { $_.GetType().Name } | Sort-Object -Unique) | Should -Be ($sorts.Name | Sort-Object)
    }
}

Describe 'Completion of methods' {
    It 'offers every name of <Parameter> of <Command>' -ForEach @(
        @{ Command = 'Invoke-DatamodelFit'; Parameter = 'Method'; Names = 'Lasso', 'Ridge', 'LeastSquares', 'DifferenceOfMeans' }
        @{ Command = 'Get-Attribution'; Parameter = 'Method'; Names = 'Trak', 'TracIn', 'RepresentationDistance' }
        @{ Command = 'Compare-Attribution'; Parameter = 'Method'; Names = 'Trak', 'InfluenceFunctions', 'RandomSameClass' }
        @{ Command = 'Get-DatamodelCluster'; Parameter = 'Method'; Names = 'Spectral', 'Component' }
        @{ Command = 'Find-BrittleSet'; Parameter = 'Mode'; Names = 'Remove', 'Flip' }
        @{ Command = 'Start-SubsetTraining'; Parameter = 'Output'; Names = 'Margin', 'Logits', 'Correctness' }
        @{ Command = 'Import-TrainingData'; Parameter = 'Scaling'; Names = 'UnitRange', 'None' }
        @{ Command = 'Invoke-Counterfactual'; Parameter = 'Kind'; Names = 'Top', 'Bottom', 'Random' }
    ) {
        $offered = (Complete "$Command -$Parameter ").CompletionText
        $Names | ForEach-Object { $offered | Should -Contain $_ }
        ($offered | Where-Object { $_ -notmatch '^\w+$' }) | Should -BeNullOrEmpty
    }
}
